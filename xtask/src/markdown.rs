//! The parts of a Markdown text that the checks look at: fenced blocks, code spans, links.

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Line of the opening fence, from 1.
    pub(crate) line: usize,
    /// What stands after the opening fence.
    pub(crate) info: String,
    pub(crate) text: String,
}

/// All fenced blocks in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            is_open = !is_open;
            if is_open {
                let info = info.trim().to_owned();
                blocks.push(Block { line: index + 1, info, text: String::new() });
            }
        } else if let Some(block) = blocks.last_mut().filter(|_| is_open) {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    blocks
}

/// The code spans outside of fenced blocks, with their lines.
pub(crate) fn spans(text: &str) -> Vec<(usize, &str)> {
    prose(text)
        .flat_map(|(line, text)| text.split('`').skip(1).step_by(2).map(move |span| (line, span)))
        .collect()
}

/// The targets of the links and pictures outside of fenced blocks, with their lines.
pub(crate) fn links(text: &str) -> Vec<(usize, &str)> {
    prose(text)
        .flat_map(|(line, text)| text.split("](").skip(1).map(move |rest| (line, rest)))
        .filter_map(|(line, rest)| Some((line, rest.split_once(')')?.0)))
        .collect()
}

fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_open = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_open ^= is_fence;
        (!is_open && !is_fence).then_some((index + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "See `a/b.rs` and [x](docs/x.md).\n```sh run\ncurl `no` [n](no)\n```\n`c`\n";

    #[test]
    fn blocks_have_their_info_and_place() {
        let block =
            Block { line: 2, info: "sh run".to_owned(), text: "curl `no` [n](no)\n".to_owned() };
        assert_eq!(blocks(TEXT), [block]);
    }

    #[test]
    fn spans_and_links_are_those_of_the_prose() {
        assert_eq!(spans(TEXT), [(1, "a/b.rs"), (5, "c")]);
        assert_eq!(links(TEXT), [(1, "docs/x.md")]);
    }
}
