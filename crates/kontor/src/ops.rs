//! What the application says about itself to operators.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use kontor_app::App;
use kontor_server::{Ops, Readiness};

use crate::health::Health;
use crate::import_progress;

/// Readiness and sizes of the running application.
pub(crate) struct AppOps {
    pub(crate) app: Arc<App>,
    /// Where the data is.
    pub(crate) directory: PathBuf,
    pub(crate) health: Arc<Health>,
}

impl Ops for AppOps {
    fn readiness(&self) -> Readiness {
        let change_number = self.app.book().change();
        let report = self.health.report(&self.app);
        let mut details = vec![
            ("writable", report.is_writable.into()),
            ("changes_behind", report.changes_behind.into()),
            ("seconds_behind", report.seconds_behind.into()),
        ];
        if let Some(free) = report.free_bytes {
            details.push(("free_disk_bytes", free.into()));
        }
        let is_ready = report.reasons.is_empty();
        if !is_ready {
            details.push(("reasons", report.reasons.into()));
        }
        Readiness { is_ready, change_number, details }
    }

    fn metrics(&self, out: &mut String) {
        let book = self.app.book();
        let size = book.size();
        let report = self.health.report(&self.app);
        let rows = [
            ("kontor_book_change_number", "Change the answers show.", book.change()),
            ("kontor_book_changes_behind", "Durable changes not shown.", report.changes_behind),
            (
                "kontor_book_seconds_behind",
                "Seconds since the oldest change that is not shown was seen.",
                report.seconds_behind,
            ),
            ("kontor_book_products", "Products in the book.", size.products as u64),
            ("kontor_book_prices", "Price entries in the base of the book.", size.entries as u64),
            (
                "kontor_book_overlaid",
                "Products changed since the base was built.",
                size.overlaid as u64,
            ),
            ("kontor_data_writable", "1 while data can be written.", report.is_writable.into()),
            ("kontor_ready", "1 while the server is ready.", report.reasons.is_empty().into()),
        ];
        for (name, help, value) in rows {
            gauge(out, name, help, value);
        }
        if let Some(free) = report.free_bytes {
            gauge(out, "kontor_data_free_disk_bytes", "Room on the disk of the data.", free);
        }
        let (name, reloads) = ("kontor_book_reloads_total", self.app.reloads());
        let help = "Times everything was read anew because changes could not be followed.";
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {reloads}\n");
        import_progress::metrics(&self.directory, out);
    }
}

fn gauge(out: &mut String, name: &str, help: &str, value: u64) {
    // Writing to a string cannot fail.
    let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
}
