//! The commands as a user types them.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::http::Client;
use crate::process::{self, kontor};

pub(crate) fn demo_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

pub(crate) fn run(arguments: &[&str], data: &Path) -> Output {
    kontor(arguments).arg("--data").arg(data).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

#[test]
fn import_export_import_is_the_identity() {
    let scratch = scratch();
    let (data, copy) = (scratch.path().join("data"), scratch.path().join("copy"));
    let folder = demo_folder();
    let import = |folder: &Path, data: &Path| {
        let output = run(&["import", folder.to_str().unwrap()], data);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        stdout(&output)
    };
    import(&folder, &data);
    assert!(
        import(&folder, &data).contains("demo42: nothing new"),
        "a second import changes nothing"
    );
    let export = |out: &Path, data: &Path| {
        let output = run(&["export", "--supplier", "demo42", out.to_str().unwrap()], data);
        assert!(output.status.success(), "{}", stderr(&output));
    };
    export(&copy.join("demo42"), &data);
    assert!(import(&copy, &data).contains("demo42: nothing new"));
    let (other, again) = (scratch.path().join("other"), scratch.path().join("again"));
    import(&copy, &other);
    export(&again, &other);
    for entry in fs::read_dir(copy.join("demo42")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let twin = again.join(path.file_name().unwrap());
            assert_eq!(fs::read(&path).unwrap(), fs::read(twin).unwrap(), "{}", path.display());
        }
    }
}

#[test]
fn a_faulty_folder_is_refused_with_every_fault_and_changes_nothing() {
    let scratch = scratch();
    let (data, folder) = (scratch.path().join("data"), scratch.path().join("folder"));
    let errors = scratch.path().join("errors.csv");
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    fs::create_dir(&folder).unwrap();
    let prices =
        "price_list,sku,currency,amount\nEUR-A,11045680,EUX,9.9\nNONE,11045680,EUR,1.0000001\n";
    fs::write(folder.join("prices.csv"), prices).unwrap();
    let folder = folder.to_str().unwrap();
    let errors_text = errors.to_str().unwrap();
    let arguments = ["import", folder, "--supplier", "demo42", "--errors", errors_text];
    let output = run(&arguments, &data);
    assert!(!output.status.success());
    let told = stdout(&output);
    assert!(told.contains("demo42: refused, nothing applied"), "{told}");
    assert!(told.contains("prices.csv:2:3 (currency): \"EUX\""), "{told}");
    assert!(
        told.contains("prices.csv:3:4 (amount): \"1.0000001\": more than 6 decimals"),
        "{told}"
    );
    let file = fs::read_to_string(&errors).unwrap();
    assert!(file.lines().count() >= 3 && file.starts_with("file,line,column"), "{file}");
    let price = ["price", "--supplier", "demo42", "--customer", "123456", "--sku", "11045680"];
    assert!(stdout(&run(&price, &data)).starts_with("8.8 EUR"));
}

#[test]
fn prices_are_explained() {
    let output = kontor(&[
        "price",
        "--demo",
        "--supplier",
        "demo42",
        "--customer",
        "123456",
        "--sku",
        "11045680",
        "--quantity",
        "9",
        "--at",
        "2016-01-28T11:24:28Z",
        "--explain",
    ])
    .output()
    .unwrap();
    let text = stdout(&output);
    assert!(text.starts_with("8.8 EUR for one C62"), "{text}");
    assert!(
        text.contains("this is the price") && text.contains("quantity below its minimum"),
        "{text}"
    );
}

#[test]
fn a_price_is_asked_as_of_another_moment_on_own_data_and_the_demo() {
    let scratch = scratch();
    let (data, folder) = (scratch.path().join("data"), scratch.path().join("folder"));
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    fs::create_dir(&folder).unwrap();
    let prices = "price_list,sku,currency,valid_from,valid_to,kind,amount\n\
                  EUR-A,11045680,EUR,2026-03-01,2026-03-31,promotion,1.5\n";
    fs::write(folder.join("prices.csv"), prices).unwrap();
    let import = ["import", "--supplier", "demo42", folder.to_str().unwrap()];
    assert!(run(&import, &data).status.success());
    let ask = ["price", "--supplier", "demo42", "--customer", "123456", "--sku", "11045680"];
    for (clock, expected) in [
        (
            "2026-03-01T12:00:00Z",
            "1.5 EUR for one C62, when 1 C62 are bought at 2026-03-01T12:00:00Z",
        ),
        ("2026-04-01T12:00:00Z", "8.8 EUR for one C62"),
    ] {
        let told = stdout(&run(&[&ask[..], &["--clock", clock]].concat(), &data));
        assert!(told.starts_with(expected), "{told}");
    }
    let demo = [&ask[..], &["--demo", "--clock", "2026-03-01T12:00:00Z", "--json"]].concat();
    let told: serde_json::Value =
        serde_json::from_str(&stdout(&kontor(&demo).output().unwrap())).unwrap();
    assert_eq!(
        (&told["at"], &told["price"]["amount"]),
        (&"2026-03-01T12:00:00Z".into(), &"8.8".into())
    );
    let both = ["--clock", "2026-04-01T12:00:00Z", "--at", "2026-03-02T00:00:00Z"];
    let told = stdout(&run(&[&ask[..], &both].concat(), &data));
    assert!(told.starts_with("1.5 EUR"), "the date of the question counts: {told}");
}

#[test]
fn a_mistyped_supplier_gets_a_suggestion_in_every_command() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    for command in [
        "account --supplier demo24 list",
        "partner --supplier demo24 list",
        "leads --supplier demo24 list",
        "history --supplier demo24",
        "export --supplier demo24 copy",
        "documents --supplier demo24",
        "questionnaire --supplier demo24 show 1463",
        "price --supplier demo24 --list EUR-A --sku 11045680",
        "supplier remove demo24",
    ] {
        let output = run(&command.split(' ').collect::<Vec<_>>(), &data);
        assert_eq!(output.status.code(), Some(1), "{command}");
        let told = stderr(&output);
        assert!(told.contains("no supplier demo24; did you mean demo42?"), "{command}: {told}");
    }
    for command in ["account list", "partner list", "leads list"] {
        let output = run(&command.split(' ').collect::<Vec<_>>(), &data);
        assert_eq!(output.status.code(), Some(2), "{command} is used in a wrong way");
        assert!(stderr(&output).contains("--supplier CODE"), "{}", stderr(&output));
    }
}

#[test]
fn commands_make_no_data_where_there_is_none() {
    let scratch = scratch();
    let empty = scratch.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for command in ["doctor", "supplier list", "export --supplier demo42 copy"] {
        let output = run(&command.split(' ').collect::<Vec<_>>(), &empty);
        assert_eq!(output.status.code(), Some(1), "{command}");
        assert!(stderr(&output).contains("there is no data in"), "{}", stderr(&output));
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 0, "{command} made something");
    }
}

#[test]
fn the_configuration_is_checked_without_data() {
    let scratch = scratch();
    let (data, demo) = (scratch.path().join("data"), demo_folder());
    let settings = "[secomp.suppliers.nobody]\n";
    let config = scratch.path().join("kontor.toml");
    fs::write(&config, settings).unwrap();
    let check = || run(&["--config", config.to_str().unwrap(), "check", "--json"], &data);
    let told =
        |output: &Output| serde_json::from_str::<serde_json::Value>(&stdout(output)).unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let value = told(&output);
    assert_eq!(value["has_data"], false);
    assert_eq!(value["protocols"], 5);
    assert!(value["warnings"][0].as_str().unwrap().contains("there is no data in"), "{value}");
    assert!(!data.exists(), "a check made data");
    run(&["import", demo.to_str().unwrap()], &data);
    let value = told(&check());
    assert_eq!(value["has_data"], true);
    assert!(value["warnings"][0].as_str().unwrap().contains("no supplier nobody"), "{value}");
    fs::write(&config, "[server]\nlisten = \"nowhere\"\n").unwrap();
    assert_ne!(check().status.code(), Some(0));
}

#[test]
fn backups_are_told_as_json() {
    let scratch = scratch();
    let (data, back) = (scratch.path().join("data"), scratch.path().join("back"));
    run(&["import", demo_folder().to_str().unwrap()], &data);
    let told =
        |output: &Output| serde_json::from_str::<serde_json::Value>(&stdout(output)).unwrap();
    let backup = told(&run(&["backup", back.to_str().unwrap(), "--json"], &data));
    assert_eq!(backup["change"], 2);
    assert_eq!(backup["directory"], back.to_str().unwrap());
    let again = scratch.path().join("again");
    let restored = told(&run(&["restore", back.to_str().unwrap(), "--json"], &again));
    assert_eq!(restored["change"], 2);
    assert_eq!(restored["state"].as_str().unwrap().len(), 64);
    let refused = run(&["restore", back.to_str().unwrap(), "--json"], &again);
    assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(1), ""));
}

#[test]
fn an_import_after_one_that_was_killed_says_what_became_of_it() {
    let scratch = scratch();
    let (data, demo) = (scratch.path().join("data"), demo_folder());
    let import = || run(&["import", demo.to_str().unwrap()], &data);
    assert!(!stderr(&import()).contains("was interrupted"));
    assert!(!stderr(&import()).contains("was interrupted"));
    // The line that a killed import leaves, without its lock.
    let line = format!("{:020} {:020} {:020}\n", 5, 70, 3);
    fs::write(data.join("import-progress"), line).unwrap();
    let told = stderr(&import());
    assert!(told.contains("after 5 of 70 bytes") && told.contains("kontor history"), "{told}");
    assert!(!stderr(&import()).contains("was interrupted"));
}

#[test]
fn imports_make_no_data_where_nothing_can_come_of_them() {
    let scratch = scratch();
    let (data, folder) = (scratch.path().join("data"), scratch.path().join("folder"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("products.csv"), "sku,base_uom\nA,C62\n").unwrap();
    let part = ["import", "--supplier", "demo42", folder.to_str().unwrap()];
    for more in [&[][..], &["--dry-run"]] {
        let output = run(&[&part[..], more].concat(), &data);
        assert_eq!(output.status.code(), Some(1));
        let told = stderr(&output);
        assert!(told.contains("no data in") && told.contains("supplier.csv"), "{told}");
        assert!(!data.exists());
    }
    let demo = demo_folder();
    let output = run(&["import", "--dry-run", demo.to_str().unwrap()], &data);
    assert!(stdout(&output).contains("demo42: checked"), "{}", stderr(&output));
    assert!(!data.exists(), "a dry run made data");
    let restored = run(&["restore", scratch.path().join("none").to_str().unwrap()], &data);
    assert!(stderr(&restored).contains("there is no backup in"), "{}", stderr(&restored));
}

#[test]
fn a_price_is_asked_for_more_than_nothing() {
    for quantity in ["0", "0.000", "-1", "much"] {
        let ask = "price --demo --supplier demo42 --customer 123456 --sku 11045680";
        let quantity = format!("--quantity={quantity}");
        let arguments: Vec<&str> = ask.split(' ').chain([quantity.as_str()]).collect();
        assert_eq!(kontor(&arguments).output().unwrap().status.code(), Some(2), "{quantity}");
    }
}

#[test]
fn the_history_names_the_account_that_wrote() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = process::demo_on(&data).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    let (path, token) = ("/api/departments/thirdParty/pricings", "token: tok-restigo-demo\r\n");
    let answer = client.send("POST", path, token, "{\"name\":\"Nine\"}").unwrap();
    assert_eq!(answer.status, 201);
    let history = run(&["history", "--supplier", "demo42", "--limit", "1", "--json"], &data);
    let history: serde_json::Value = serde_json::from_str(&stdout(&history)).unwrap();
    assert_eq!(history[0]["by"], "restigo restigo-demo42");
}

#[test]
fn unknown_keys_of_the_configuration_are_named() {
    let scratch = scratch();
    let file = scratch.path().join("kontor.toml");
    fs::write(&file, "[server]\nlisten = \"127.0.0.1:0\"\nlistn = 1\n").unwrap();
    let output = kontor(&["doctor", "--config", file.to_str().unwrap()]).output().unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("listn"), "{}", stderr(&output));
}

#[test]
fn the_clock_can_be_frozen_only_in_the_demo() {
    let output = kontor(&["serve", "--clock", process::CLOCK]).output().unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("--demo"), "{}", stderr(&output));
}

#[test]
fn accounts_are_added_used_and_switched_off_while_the_server_runs() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = process::demo_on(&data).unwrap();
    let account = |arguments: &[&str]| {
        let mut all = vec!["account"];
        all.extend(arguments);
        all.extend(["--supplier", "demo42", "--protocol", "secomp", "--login", "_RQ556781"]);
        let output = run(&all, &data);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim().to_owned()
    };
    let mut client = Client::connect(server.address).unwrap();
    let mut is_let_in = |password: &str, expected: bool| {
        let path = format!("/ProductQueryFR?userid=_RQ556781&password={password}");
        // The server follows what another process writes; it is asked until it has.
        let wanted = if expected { "<STATUSCODE>0<" } else { "<STATUSCODE>1<" };
        (0..1000).any(|_| client.get(&path, "").unwrap().body.contains(wanted))
    };
    let first = account(&["add", "--customer", "556781"]);
    assert_eq!(first.len(), 8);
    assert!(is_let_in(&first, true));
    let second = account(&["rotate"]);
    assert_ne!(first, second);
    assert!(is_let_in(&second, true) && is_let_in(&first, false));
    account(&["disable"]);
    assert!(is_let_in(&second, false));
    account(&["enable"]);
    assert!(is_let_in(&second, true));
    let list = run(&["account", "list", "--supplier", "demo42"], &data);
    assert!(stdout(&list).contains("_RQ556781") && !stdout(&list).contains(&second));
}

#[test]
fn accounts_are_listed_as_json_and_those_of_the_demo_without_data() {
    let scratch = scratch();
    let data = scratch.path().join("none");
    let list = ["account", "--demo", "--supplier", "demo42", "list"];
    let output = run(&list, &data);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("_RQ123456"), "{}", stdout(&output));
    let output = run(&[&list[..], &["--json"]].concat(), &data);
    let accounts: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let accounts = accounts.as_array().unwrap();
    let integra = accounts.iter().find(|account| account["login"] == "integra").unwrap();
    assert_eq!((&integra["protocol"], &integra["state"]), (&"consinco".into(), &"active".into()));
    assert_eq!(integra["last_used"], serde_json::Value::Null);
    assert!(!stdout(&output).contains("argon2") && !stdout(&output).contains("sha256"));
    let change = ["account", "--demo", "--supplier", "demo42", "disable", "--protocol", "secomp"];
    let change = run(&[&change[..], &["--login", "_RQ123456"]].concat(), &data);
    assert!(!change.status.success(), "nothing of the demo can be changed");
    assert!(!data.exists());
}

#[test]
fn a_server_without_data_does_not_start_unless_it_shall_make_some() {
    let scratch = scratch();
    let data = scratch.path().join("none");
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let output = run(&serve, &data);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("--create"), "{}", stderr(&output));
    assert!(!data.exists());
    fs::create_dir(&data).unwrap();
    assert!(!run(&serve, &data).status.success(), "an empty directory has no data either");
    for arguments in [&[&serve[..], &["--create"]].concat()[..], &serve] {
        let mut command = kontor(arguments);
        drop(process::start(command.arg("--data").arg(&data)).unwrap());
    }
}

#[test]
fn a_directory_without_data_is_told() {
    let scratch = scratch();
    let output = run(&["doctor"], &scratch.path().join("none"));
    assert!(!output.status.success());
    assert!(stderr(&output).contains("kontor import"), "{}", stderr(&output));
}

#[test]
fn leads_are_listed_without_personal_data_and_erased() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    let leads = |arguments: &[&str]| {
        let mut all = vec!["leads", "--supplier", "demo42"];
        all.extend(arguments);
        let output = run(&all, &data);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let list = leads(&["list"]);
    assert!(list.contains("17400001") && !list.contains("deja.vu"), "{list}");
    assert!(leads(&["show", "17400001"]).contains("deja.vu@test.fr"));
    assert!(leads(&["erase", "--email", "DEJA.VU@test.fr"]).starts_with("1 leads erased"));
    assert!(!leads(&["export", "--csv"]).contains("deja.vu"));
    assert!(leads(&["export", "--csv"]).contains("ancien@test.fr"));
    let listed = |arguments: &[&str]| {
        let list = leads(&[&["list", "--json"], arguments].concat());
        serde_json::from_str::<serde_json::Value>(&list).unwrap().as_array().unwrap().clone()
    };
    assert_eq!(listed(&[])[0]["state"], "imported");
    assert_eq!(listed(&["--since", "2015-12-01T09:00:00Z"]).len(), 1);
    assert!(listed(&["--since", "2015-12-01T09:00:00.000001Z"]).is_empty());
    assert!(listed(&["--state", "dead"]).is_empty() && listed(&["--category", "1500"]).is_empty());
    let page = run(&["questionnaire", "--supplier", "demo42", "show", "1463", "--html"], &data);
    assert!(stdout(&page).contains("<html") && stdout(&page).contains("30148"));
}

/// Whether a text stands in some file of a data directory.
pub(crate) fn is_on_disk(data: &Path, text: &str) -> bool {
    fs::read_dir(data).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
    })
}

#[test]
fn erased_leads_are_in_no_file_of_the_data() {
    let scratch = scratch();
    let data = scratch.path().join("data");
    let server = process::demo_on(&data).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    let mut send = |person: &str, phone: &str| {
        let body = format!(
            r#"[{{"categoryId":1463,"data":{{"30148":25638,"25533":"75001","email":"{person}@erased.example","companyName":"Corp {person}","segment":1,"firstname":"A","lastname":"B","phone":"{phone}"}}}}]"#
        );
        let headers = format!("Authorization: Bearer {}\r\n", process::DEMO_TOKEN);
        client.send("POST", "/api/v1/partners/create_rfq", &headers, &body).unwrap().status
    };
    assert_eq!((send("canary", "0198765432"), send("other", "0187654321")), (200, 200));
    let erase = |email: &str| {
        let output = run(&["leads", "--supplier", "demo42", "erase", "--email", email], &data);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let secrets = ["canary@erased.example", "Corp canary", "0198765432", "198765432"];
    assert!(secrets.iter().all(|secret| is_on_disk(&data, secret)));
    assert_eq!(erase("Canary@erased.example"), "1 leads erased\n");
    for secret in secrets {
        assert!(!is_on_disk(&data, secret), "{secret} is still there, beside a running server");
    }
    assert!(is_on_disk(&data, "other@erased.example"), "somebody else's stay");
    assert_eq!(send("canary", "0198765432"), 200, "it is no duplicate any more");
    drop(server);
    assert!(is_on_disk(&data, "deja.vu@test.fr"));
    assert_eq!(erase("deja.vu@test.fr"), "1 leads erased\n");
    assert!(!is_on_disk(&data, "deja.vu@test.fr"), "on a stopped directory");
    assert_eq!(erase("deja.vu@test.fr"), "0 leads erased\n");
}

#[test]
fn a_folder_that_replaces_never_removes_leads() {
    let scratch = scratch();
    let (data, folder) = (scratch.path().join("data"), scratch.path().join("folder"));
    assert!(run(&["import", demo_folder().to_str().unwrap()], &data).status.success());
    fs::create_dir(&folder).unwrap();
    let leads = fs::read_to_string(demo_folder().join("demo42/leads.csv")).unwrap();
    let first: Vec<&str> = leads.lines().take(2).collect();
    fs::write(folder.join("leads.csv"), first.join("\n")).unwrap();
    let import = ["import", "--replace", "--supplier", "demo42", folder.to_str().unwrap()];
    let output = run(&import, &data);
    assert!(output.status.success(), "{}", stdout(&output));
    let list = stdout(&run(&["leads", "list", "--supplier", "demo42"], &data));
    assert_eq!(list.lines().skip(1).count(), 2, "{list}");
}
