//! XML into the same tree: an element with children is an object, repeated elements are a list,
//! every other element is its trimmed text. The name of the root does not matter.

use std::borrow::Cow;
use std::collections::HashMap;

use kontor_wire::xml_read::{self, Element, Limits, XmlError};

use super::Node;

/// Reads a body; `charset` is that of the `Content-Type`.
pub(super) fn read(body: &[u8], charset: Option<&str>) -> Result<Node<'static>, XmlError> {
    let limits = Limits::default();
    let text = xml_read::decode(body, charset, &limits)?;
    let document = text.parse(&limits)?;
    Ok(node(document.root()))
}

fn node(element: Element<'_>) -> Node<'static> {
    let mut members: Vec<(Cow<'static, str>, Node<'static>)> = Vec::new();
    // Where a name stands, so that many repeated elements cost linear time.
    let mut places: HashMap<&str, usize> = HashMap::new();
    for child in element.children() {
        let value = node(child);
        let place = places.get(child.name()).copied();
        match place.and_then(|place| members.get_mut(place)) {
            None => {
                places.insert(child.name(), members.len());
                members.push((Cow::Owned(child.name().to_owned()), value));
            }
            // No element becomes a list by itself: a list here is one of repeated elements.
            Some((_, Node::List(list))) => list.push(value),
            Some((_, first)) => {
                let list = Node::List(vec![std::mem::replace(first, Node::Null), value]);
                *first = list;
            }
        }
    }
    if members.is_empty() {
        return Node::Text(Cow::Owned(element.text().trim().to_owned()));
    }
    Node::Object(members)
}
