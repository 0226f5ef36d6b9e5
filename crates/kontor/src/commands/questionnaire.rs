//! `kontor questionnaire show`: the page of a category that partners are given, made from its data.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use kontor_dialect_companeo::page::Page;
use kontor_model::questionnaire::Category;

use crate::args::{Questionnaire, QuestionnaireAction};
use crate::config::Config;
use crate::{data, logging, meant};

pub(crate) fn run(config: &Config, args: &Questionnaire) -> anyhow::Result<ExitCode> {
    logging::start_quietly(&config.log);
    let QuestionnaireAction::Show { category, html, url } = &args.action;
    let app = data::app(args.data.as_ref().unwrap_or(&config.data.directory))?;
    meant::is_supplier(app.store(), &args.supplier)?;
    let book = app.book();
    let tenant = book.supplier(&args.supplier);
    let tenant = tenant.with_context(|| format!("there is no supplier {}", args.supplier))?;
    let Some(row) = tenant.find(&Category::by_code(category)) else {
        anyhow::bail!("{} has no category {category}", args.supplier);
    };
    let page = Page::new(row, url)?;
    let text = if *html { page.html() } else { page.text() };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
