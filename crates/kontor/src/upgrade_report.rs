//! `kontor doctor --upgrade-report`: which answers change because days of an earlier version become
//! days again, and which cannot.

use std::io::Write;

use kontor_model::catalogue::StoredNoun as _;
use kontor_model::instant::Zone;
use kontor_model::price_list::PriceEntry;
use kontor_model::validity::{Bound, Validity};
use kontor_store::{Abort, StoreError};
use kontor_store_sqlite::{DayValidity, DaysOfBefore, DaysState, SqliteStore};
use serde_json::{Value, json};

/// Lines that people are shown; programs get all.
const SHOWN: u64 = 1_000;

/// For people.
pub(crate) fn print(store: &SqliteStore, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut told = 0_u64;
    let suppliers = store.day_report(&mut |validity| {
        told += 1;
        if told > SHOWN {
            return Ok(());
        }
        writeln!(out, "{}", line(&validity)).map_err(|error| unwritten(&error))
    })?;
    if told > SHOWN {
        writeln!(out, "... and {} more; --json prints all", told - SHOWN)?;
    }
    for of_supplier in &suppliers {
        writeln!(out, "{}", summary(of_supplier))?;
    }
    if suppliers.is_empty() {
        writeln!(out, "no data of a version that stored days as instants")?;
    }
    Ok(())
}

/// For programs. It is written while it is read: there may be very many.
pub(crate) fn print_json(store: &SqliteStore, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut separator = "";
    write!(out, "{{\"changed\": [")?;
    let suppliers = store.day_report(&mut |validity| {
        let written = write!(out, "{separator}\n{:#}", as_json(&validity));
        separator = ",";
        written.map_err(|error| unwritten(&error))
    })?;
    let suppliers: Value = suppliers.iter().map(summary_as_json).collect();
    writeln!(out, "],\n\"suppliers\": {suppliers:#}}}")?;
    Ok(())
}

fn unwritten(error: &std::io::Error) -> Abort {
    StoreError::Read(format!("cannot write the report: {error}")).into()
}

fn line(validity: &DayValidity) -> String {
    let DayValidity { supplier, name, .. } = validity;
    let row = if validity.kind == PriceEntry::KIND {
        format!("{supplier}: {name}")
    } else {
        format!("{supplier}: {} {name}, valid {}", validity.kind.name(), between(validity.before))
    };
    let days = between(validity.days);
    if !validity.fits {
        return format!("{row}: stays so, since for the days {days} it would meet another one");
    }
    let zones = validity
        .zones
        .iter()
        .map(|zone| format!("in {} {}", zone.name(), between(in_zone(validity.days, zone))));
    let zones: Vec<String> = zones.collect();
    format!("{row}: for the days {days}, which are {}", zones.join("; "))
}

/// The instants between which days are valid in a zone.
fn in_zone(validity: Validity, zone: &Zone) -> Validity {
    let instant = |bound: Option<Bound>| bound.map(|bound| bound.instant(zone));
    Validity::between(instant(validity.from()), instant(validity.to())).unwrap_or(validity)
}

fn between(validity: Validity) -> String {
    let open = || "ever".to_owned();
    let from = validity.from().map_or_else(open, Bound::from_text);
    let to = validity.to().map_or_else(open, Bound::to_text);
    format!("{from} to {to}")
}

fn summary(of_supplier: &DaysOfBefore) -> String {
    let DaysOfBefore { supplier, state, days, changed, kept } = of_supplier;
    let done = match state {
        DaysState::Nothing => return format!("{supplier}: nothing was valid between days"),
        DaysState::Pending => {
            "become days at the next `kontor serve` or `kontor import`".to_owned()
        }
        DaysState::Made(change) => format!("became days with change {}", change.0),
    };
    let kept = if *kept == 0 { String::new() } else { format!(", {kept} stay instants") };
    format!("{supplier}: {days} validities {done}, {changed} with another answer somewhere{kept}")
}

fn summary_as_json(of_supplier: &DaysOfBefore) -> Value {
    let (state, change) = match of_supplier.state {
        DaysState::Nothing => ("nothing", None),
        DaysState::Pending => ("pending", None),
        DaysState::Made(change) => ("made", Some(change.0)),
    };
    json!({
        "supplier": of_supplier.supplier,
        "state": state,
        "change": change,
        "days": of_supplier.days,
        "changed": of_supplier.changed,
        "kept": of_supplier.kept,
    })
}

fn as_json(validity: &DayValidity) -> Value {
    let zones = validity.zones.iter().map(|zone| {
        let (before, after) = (validity.before, in_zone(validity.days, zone));
        json!({
            "zone": zone.name(),
            "from_before": before.from().map(Bound::from_text),
            "from_after": after.from().map(Bound::from_text),
            "to_before": before.to().map(Bound::to_text),
            "to_after": after.to().map(Bound::to_text),
        })
    });
    let DayValidity { supplier, price_list, sku, name, .. } = validity;
    json!({
        "supplier": supplier,
        "kind": validity.kind.name(),
        "price_list": price_list,
        "sku": sku,
        "name": name,
        "becomes_days": validity.fits,
        "valid_from": validity.days.from().map(Bound::from_text),
        "valid_to": validity.days.to().map(Bound::to_text),
        "zones": zones.collect::<Value>(),
    })
}
