//! Files of a crate that use each other in a circle. Who reads one of them has to read them all.
//!
//! A file uses another when it names something of it. Declaring a module, or handing on what is in
//! it (`pub use`), is no use: a `mod.rs` and its children are no circle. A path goes through such
//! hands to the file where the thing is.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use self::names::{Named, named};
use crate::tidy::Fault;
use crate::tree::{Tree, is_rust};

/// A circle that stays for now.
struct Known {
    /// The first of its files.
    first: &'static str,
    /// How many files it has: it may shrink, and must not grow.
    files: usize,
    why: &'static str,
}

const KNOWN: &[Known] = &[
    known("crates/kontor/src/config.rs", 2, PARENT),
    known("crates/kontor-dialect-companeo/src/page.rs", 3, PARENT),
    known(
        "crates/kontor-dialect-consinco/src/auth.rs",
        2,
        "login is a handler of the same service",
    ),
    known("crates/kontor-dialect-consinco/src/to_wire.rs", 3, PARENT),
    known("crates/kontor-dialect-restigo/src/brackets.rs", 6, ERRORS),
    known("crates/kontor-dialect-websphere/src/asked.rs", 7, ERRORS),
    known("crates/kontor-exchange/src/export/mod.rs", 2, PARENT),
    known("crates/kontor-exchange/src/import/mod.rs", 5, PARENT),
    known("crates/kontor-leads/src/outbox.rs", 2, PARENT),
    known(
        "crates/kontor-store/src/contract/change_times.rs",
        16,
        "the suite calls what calls its world",
    ),
    known(
        "crates/kontor-store/src/staged.rs",
        2,
        "a store stages, and what is staged ends in a store",
    ),
    known("crates/kontor-store-sqlite/src/aside.rs", 69, "a write knows the store that runs it"),
    known("crates/kontor-wire/src/xml_read.rs", 4, PARENT),
];

const PARENT: &str = "types of the parent are used by children that it calls";
const ERRORS: &str = "reading tells errors, and errors are written with what was read";

/// How many hands a path goes through at most.
const MOST_HANDS: usize = 8;

/// A file of a crate, as the module it is.
struct Module {
    path: String,
    named: Named,
}

/// The files of a crate by their module: `["lists", "maintain"]`.
type Modules = BTreeMap<Vec<String>, Module>;

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut crates: BTreeMap<&str, Modules> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| is_rust(&file.path) && !file.is_test()) {
        let Some((root, inner)) = file.path.split_once("/src/") else { continue };
        let module = Module { path: file.path.clone(), named: named(file) };
        crates.entry(root).or_default().insert(module_of(inner), module);
    }
    let mut faults = Vec::new();
    let mut met = BTreeSet::new();
    for circle in crates.values().flat_map(circles) {
        let Some(first) = circle.first() else { continue };
        let known = KNOWN.iter().find(|known| known.first == first);
        met.extend(known.map(|known| known.first));
        if known.is_some_and(|known| circle.len() <= known.files) {
            continue;
        }
        let why = known.map(|known| format!(" (of {} before: {})", known.files, known.why));
        let why = why.unwrap_or_default();
        let message = format!("use each other in a circle{why}: {}", circle.join(", "));
        faults.push(Fault::new(first, 0, message));
    }
    let is_there = |known: &&Known| tree.file(known.first).is_some();
    for known in KNOWN.iter().filter(is_there).filter(|known| !met.contains(known.first)) {
        faults.push(Fault::new(known.first, 0, "is the first of no circle now; see KNOWN"));
    }
    faults
}

const fn known(first: &'static str, files: usize, why: &'static str) -> Known {
    Known { first, files, why }
}

/// `lists/maintain.rs` is `["lists", "maintain"]`, `lists/mod.rs` is `["lists"]`.
fn module_of(inner: &str) -> Vec<String> {
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    let is_root = inner == "lib" || inner == "main";
    if is_root || module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// The circles of a crate, each as the paths of its files.
fn circles(modules: &Modules) -> Vec<Vec<String>> {
    let uses: BTreeMap<_, _> =
        modules.iter().map(|(module, file)| (module, used(modules, module, file))).collect();
    let reached: BTreeMap<_, _> =
        uses.keys().map(|module| (*module, reach(&uses, module))).collect();
    let is_mutual = |a: &Vec<String>, b: &Vec<String>| {
        let is_way = |a, b| reached.get(a).is_some_and(|set| set.contains(b));
        is_way(a, b) && is_way(b, a)
    };
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for module in modules.keys() {
        let circle = modules.iter().filter(|(other, _)| is_mutual(module, other));
        let mut circle: Vec<String> = circle.map(|(_, file)| file.path.clone()).collect();
        circle.sort();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// The modules that one reaches through uses.
fn reach<'m>(
    uses: &BTreeMap<&'m Vec<String>, BTreeSet<&'m Vec<String>>>,
    from: &'m Vec<String>,
) -> BTreeSet<&'m Vec<String>> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for used in uses.get(module).into_iter().flatten() {
            if reached.insert(*used) {
                open.push(used);
            }
        }
    }
    reached
}

/// The modules that a file uses.
fn used<'m>(
    modules: &'m Modules,
    module: &Vec<String>,
    file: &Module,
) -> BTreeSet<&'m Vec<String>> {
    let imports = file.named.imports.iter();
    let direct = imports.clone().map(|(_, path)| path.clone());
    // `use super::entries;` and then `entries::set()`.
    let through = file.named.paths.iter().map(|path| {
        let imported = path.first().and_then(|head| {
            imports.clone().find(|(name, _)| name == head).map(|(_, path)| path.clone())
        });
        let (Some(mut whole), Some(rest)) = (imported, path.get(1..)) else { return path.clone() };
        whole.extend_from_slice(rest);
        whole
    });
    let found = direct.chain(through).filter_map(|path| target(modules, module, &path, MOST_HANDS));
    found.filter(|used| *used != module).collect()
}

/// The module where what a path names is.
fn target<'m>(
    modules: &'m Modules,
    module: &[String],
    path: &[String],
    hands: usize,
) -> Option<&'m Vec<String>> {
    let (head, mut rest) = path.split_first()?;
    let mut at = module.to_vec();
    match head.as_str() {
        "crate" => at.clear(),
        "self" => {}
        "super" => drop(at.pop()?),
        name => {
            at.push(name.to_owned());
            modules.get(&at)?;
        }
    }
    while let Some((name, after)) = rest.split_first() {
        if name == "super" {
            at.pop()?;
        } else {
            at.push(name.clone());
            if !modules.contains_key(&at) {
                at.pop();
                break;
            }
        }
        rest = after;
    }
    let (found, file) = modules.get_key_value(&at)?;
    let handed = rest.first().filter(|_| hands > 0).and_then(|name| {
        file.named.exports.iter().find(|(export, _)| export == name).map(|(_, path)| path)
    });
    match handed {
        Some(path) => target(modules, &at, path, hands - 1).or(Some(found)),
        None => Some(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn files_that_use_each_other_are_found() {
        let files = [
            ("crates/a/src/lib.rs", "mod b;\nmod c;\nmod d;\npub use b::B;"),
            ("crates/a/src/b.rs", "use crate::c::C;\npub struct B;"),
            ("crates/a/src/c.rs", "fn c() { crate::d::d() }"),
            ("crates/a/src/d.rs", "use super::B;"),
            ("crates/b/src/lib.rs", "use a::b::B;"),
        ];
        assert_eq!(lines(check, &files), [("crates/a/src/b.rs".to_owned(), 0)]);
        assert_eq!(lines(check, &files[..3]), [], "without the last of the circle");
    }

    #[test]
    fn who_declares_and_hands_on_is_in_no_circle() {
        let files = [
            ("crates/a/src/lib.rs", "pub mod b;\npub use b::B;"),
            ("crates/a/src/b/mod.rs", "mod c;\nmod d;\npub use c::C;\npub use d::D;"),
            ("crates/a/src/b/c.rs", "use super::D;"),
            ("crates/a/src/b/d.rs", "pub struct D;"),
        ];
        assert_eq!(lines(check, &files), []);
    }

    #[test]
    fn a_parent_that_uses_its_child_is_in_a_circle_with_it() {
        let files = [
            ("crates/a/src/b.rs", "mod c;\nfn b() { c::c() }\npub struct B;"),
            ("crates/a/src/b/c.rs", "use super::B;"),
        ];
        assert_eq!(lines(check, &files), [("crates/a/src/b.rs".to_owned(), 0)]);
        let imported = [
            ("crates/a/src/b.rs", "use crate::d;\nfn b() { d::d() }"),
            ("crates/a/src/d/mod.rs", "mod e;\npub use e::d;"),
            ("crates/a/src/d/e.rs", "use crate::b;\npub fn d() { b::b() }"),
        ];
        assert_eq!(lines(check, &imported), [("crates/a/src/b.rs".to_owned(), 0)]);
    }
}
