//! `plangraph sources` on the sample sites.

use sites::Sites;

use crate::{
    program::{Program, declare, texts},
    samples,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_source_is_tried_and_its_declaration_works() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    let family = |slug: &str| match slug {
        "huzhou" => "Huzhou data list",
        "zhonglou" => "Changzhou",
        "shaoxing" => "Hanweb JCMS",
        _ => "plain links",
    };
    for (slug, list) in sites.lists() {
        let output = program.run(&["sources", "try", &list, "--allow-private"]);
        let (out, error) = texts(&output);
        assert!(output.status.success(), "{slug}: {out}{error}");
        assert!(out.starts_with(&format!("A list, made by {}", family(slug))), "{slug}: {out}");
        for part in ["DATE", "TAKEN", "a plan: ", "FIGURE", "SENTENCE"] {
            assert!(out.contains(part), "{slug}: {part} in {out}");
        }
        let (_, declaration) = out.split_once(".toml\n").unwrap();
        declare(&program.folder.path().join("tried"), slug, &format!("{declaration}delay_ms = 0\n"));
    }
    let folder = program.folder.path().join("tried").display().to_string();
    let output = program.run(&["sources", "check", "--sources", &folder]);
    let (out, error) = texts(&output);
    assert!(output.status.success(), "{out}{error}");
    assert_eq!(out.lines().filter(|line| line.trim_end().ends_with(" ok")).count(), 5, "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_what_broke() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    let args = samples::declarations(&program, &sites);
    let folder = args.last().unwrap();
    declare(
        folder.as_ref(),
        "gone",
        "name = 'x'\nlist = ['http://127.0.0.1:9/']\nallow_private = true\ndelay_ms = 0\n",
    );
    let check = |names: &[&str]| {
        let output = program.run(&[&["sources", "check", "--sources", folder], names].concat());
        (output.status.code(), texts(&output).0)
    };
    let (code, out) = check(&["huzhou", "gone"]);
    assert_eq!(code, Some(3), "{out}");
    assert!(out.lines().any(|line| line.starts_with("gone") && line.contains("http://127.0.0.1:9/")), "{out}");
    assert_eq!(check(&["gone"]).0, Some(1));

    let (out, _) = texts(&program.run(&["sources", "list", "--sources", folder]));
    assert!(
        out.lines().any(|line| line.starts_with("huzhou") && line.contains("湖州市") && line.contains("never_run")),
        "{out}"
    );
    samples::crawl(&program, &["crawl", "huzhou", "--sources", folder].map(ToOwned::to_owned));
    let (out, _) = texts(&program.run(&["sources", "list", "--sources", folder]));
    assert!(
        out.lines().any(|line| line.starts_with("huzhou") && line.contains(" ok ") && line.contains("succeeded")),
        "{out}"
    );

    let (out, _) = texts(&program.run(&["sources", "held"]));
    assert_eq!(out.lines().count(), 1, "{out}");
    let (out, _) = texts(&program.run(&["sources", "accept", "huzhou"]));
    assert_eq!(out, "nothing of huzhou is held back\nhuzhou: ok\n");
    let output = program.run(&["sources", "accept", "nobody"]);
    assert!(!output.status.success() && texts(&output).1.contains("there are huzhou"), "{output:?}");
}
