//! Arguments, exit codes and messages.

use std::{fs, io::Write, process::Stdio};

use serde_json::Value;

use crate::program::{Program, declare, texts};

fn program() -> Program {
    let program = Program::on("");
    let database = format!("sqlite://{}?mode=rwc", program.folder.path().join("plangraph.db").display());
    Program { database, ..program }
}

/// Exit code and standard error of a command.
fn fails(program: &Program, args: &[&str]) -> (i32, String) {
    let output = program.run(args);
    let (_, error) = texts(&output);
    (output.status.code().unwrap(), error)
}

#[test]
fn usage_errors_end_with_2() {
    for args in [&["crawls"][..], &["extract"], &["serve", "--bind", "nowhere"], &[]] {
        assert_eq!(fails(&program(), args).0, 2, "{args:?}");
    }
}

#[test]
fn a_database_that_cannot_be_opened_is_named() {
    let program = Program { database: "sqlite:///no/such/folder/x.db".to_owned(), ..program() };
    let (code, error) = fails(&program, &["migrate"]);
    assert_eq!(code, 1);
    assert!(error.contains("/no/such/folder/x.db") && error.contains("DATABASE_URL"), "{error}");
}

#[test]
fn wrong_sources_are_named() {
    let program = program();
    let folder = program.folder.path().join("sources");
    let dir = folder.display().to_string();
    let crawl = |args: &[&str]| fails(&program, &[&["crawl", "--sources", &dir], args].concat());

    let (code, error) = crawl(&[]);
    assert!(code == 1 && error.contains(&dir), "{error}");

    declare(&folder, "good", "name = 'x'\nlist = ['http://127.0.0.1:9/']\nallow_private = true\n");
    let (code, error) = crawl(&["nobody"]);
    assert!(code == 1 && error.contains("nobody") && error.contains("good"), "{error}");

    declare(&folder, "bad", "name = 'x'\nlists = ['http://127.0.0.1:9/']\n");
    let (code, error) = crawl(&[]);
    assert!(code == 1 && error.contains("bad.toml") && error.contains("lists") && error.contains("line 2"), "{error}");

    declare(&folder, "bad", "name = 'x'\nregion = '蓬莱仙岛'\nlist = ['http://127.0.0.1:9/']\n");
    let (code, error) = crawl(&["bad"]);
    assert!(code == 1 && error.contains("蓬莱仙岛"), "{error}");
}

#[test]
fn extract_prints_a_line_a_figure() {
    let program = program();
    let file = program.folder.path().join("note.txt");
    fs::write(&file, "到2027年，人均预期寿命达到81岁以上。\n").unwrap();
    let args = ["extract", "note.txt", "--region", "湖州市", "--year", "2025"];
    let (out, _) = texts(&program.run(&args));
    let line: Value = serde_json::from_str(out.trim()).expect(&out);
    for (field, value) in [
        ("doc", Value::from("note")),
        ("value", 81.0.into()),
        ("value_text", "81岁以上".into()),
        ("unit", "岁".into()),
        ("comparator", "ge".into()),
        ("measure", "level".into()),
        ("role", "target".into()),
        ("year", 2027.into()),
        ("region", "湖州市".into()),
        ("concept", "life-expectancy".into()),
        ("sentence", "到2027年，人均预期寿命达到81岁以上。".into()),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
}

#[test]
fn extract_reads_a_sentence_and_explains_it() {
    let program = program();
    let sentence = "到2027年，人均预期寿命达到81岁以上，落实18项准则。";
    let (out, _) = texts(&program.run(&["extract", "--text", sentence]));
    let line: Value = serde_json::from_str(out.trim()).expect(&out);
    assert_eq!((&line["doc"], &line["value"]), (&"-".into(), &81.0.into()));

    let (out, _) = texts(&program.run(&["extract", "--explain", "--text", sentence]));
    assert!(out.starts_with(&format!("{sentence}\n  2027年 = 2027 年, left out. A date or a year")), "{out}");
    for part in
        ["    concept     life-expectancy. Likeness 1.00\n", "    year        2027. Said in the sentence: 到2027年\n"]
    {
        assert!(out.contains(part), "{part}{out}");
    }
    fs::write(program.folder.path().join("note.txt"), sentence).unwrap();
    assert_eq!(texts(&program.run(&["extract", "--explain", "note.txt"])).0, out);
    assert_eq!(fails(&program, &["extract", "--text", sentence, "note.txt"]).0, 2);
}

#[test]
fn extract_reads_standard_input_and_tells_what_it_cannot_read() {
    let program = program();
    let mut child = program
        .command(&["extract", "-", "--year", "2025"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("<p>新增床位300张。</p>".as_bytes()).unwrap();
    let (out, _) = texts(&child.wait_with_output().unwrap());
    assert!(out.contains("\"value\":300") && out.contains("\"measure\":\"new\""), "{out}");

    fs::write(program.folder.path().join("a.txt"), "新增床位300张。").unwrap();
    let (code, error) = fails(&program, &["extract", "a.txt", "missing.txt", "--year", "2025"]);
    assert!(code == 3 && error.contains("missing.txt"), "{code} {error}");
    let (code, error) = fails(&program, &["extract", "missing.txt"]);
    assert!(code == 1 && error.contains("missing.txt"), "{code} {error}");
    fs::write(program.folder.path().join("a.bin"), b"PK\x03\x04\x00\x00").unwrap();
    let (code, error) = fails(&program, &["extract", "a.bin"]);
    assert!(code == 1 && error.contains("a.bin"), "{code} {error}");
}

#[test]
fn regions_import_says_what_it_did() {
    let program = program();
    let head = "代码,名称,级别,启用时间,变更/弃用时间,新代码";
    fs::write(
        program.folder.path().join("r.csv"),
        format!("{head}\n330521,德清县,县级,1981,,\n33052,安吉县,县级,1981,,\n"),
    )
    .unwrap();
    let output = program.run(&["regions", "import", "r.csv"]);
    let (out, error) = texts(&output);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(out, "1 added, 0 changed, 0 known already, 1 refused\n");
    assert!(error.contains("r.csv, line 3") && error.contains("33052"), "{error}");

    fs::write(program.folder.path().join("r.csv"), "code,name\n").unwrap();
    let (code, error) = fails(&program, &["regions", "import", "r.csv"]);
    assert!(code == 1 && error.contains("r.csv") && error.contains("代码"), "{error}");
}

#[test]
fn schema_prints_the_schema() {
    let (out, _) = texts(&program().run(&["schema"]));
    assert!(out.contains("type Query") && out.contains("type Indicator implements Node"), "{out}");
}
