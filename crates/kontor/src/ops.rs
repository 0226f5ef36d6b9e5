//! What the application says about itself to operators.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use kontor_app::App;
use kontor_server::{Ops, Readiness};

use crate::import_progress;

/// Readiness and sizes of the running application.
pub(crate) struct AppOps {
    pub(crate) app: Arc<App>,
    /// Where the data is.
    pub(crate) directory: PathBuf,
}

impl Ops for AppOps {
    fn readiness(&self) -> Readiness {
        let book = self.app.book();
        Readiness { is_ready: true, change_number: book.change(), details: Vec::new() }
    }

    fn metrics(&self, out: &mut String) {
        let book = self.app.book();
        let size = book.size();
        let rows = [
            ("kontor_book_change_number", "Change the answers show.", book.change()),
            ("kontor_book_products", "Products in the book.", size.products as u64),
            ("kontor_book_prices", "Price entries in the base of the book.", size.entries as u64),
            (
                "kontor_book_overlaid",
                "Products changed since the base was built.",
                size.overlaid as u64,
            ),
        ];
        for (name, help, value) in rows {
            // Writing to a string cannot fail.
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
        }
        let (name, reloads) = ("kontor_book_reloads_total", self.app.reloads());
        let help = "Times everything was read anew because changes could not be followed.";
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {reloads}\n");
        import_progress::metrics(&self.directory, out);
    }
}
