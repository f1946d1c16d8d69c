//! Who depends on whom: console and server on the domain, the domain on nearly nothing.

use std::process::Command;

use serde_json::Value;

use crate::none;
use crate::sources::root;

/// What a crate may take for its normal dependencies.
struct Rule {
    name: &'static str,
    /// Crates of this workspace.
    workspace: &'static [&'static str],
    /// All other crates, where the list is closed.
    others: Option<&'static [&'static str]>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "tenure-domain",
        workspace: &[],
        others: Some(&["serde", "serde_json", "chrono", "crc32fast", "utoipa"]),
    },
    // Its tests may use the server: the list is of what integrators get.
    Rule {
        name: "tenure-client",
        workspace: &[],
        others: Some(&[
            "futures-util",
            "oauth2",
            "reqwest",
            "serde",
            "serde_json",
            "tempfile",
            "tokio",
        ]),
    },
    Rule {
        name: "tenure-console",
        workspace: &["tenure-domain", "tenure-leptos"],
        others: None,
    },
    Rule {
        name: "tenure-leptos",
        workspace: &[],
        others: Some(&[
            "any_spawner",
            "js-sys",
            "leptos_dom",
            "leptos_macro",
            "reactive_graph",
            "rustc-hash",
            "send_wrapper",
            "tachys",
            "typed-builder",
            "typed-builder-macro",
            "wasm-bindgen",
            "wasm-bindgen-futures",
            "web-sys",
        ]),
    },
    Rule {
        name: "tenure-server",
        workspace: &["tenure-domain"],
        others: None,
    },
    Rule {
        name: "tenure-e2e",
        workspace: &["tenure-domain", "tenure-server"],
        others: None,
    },
    Rule {
        name: "xtask",
        workspace: &[],
        others: Some(&["anyhow", "signal-hook", "xflags"]),
    },
];

/// One line of a manifest.
struct Dependency {
    of: String,
    on: String,
    in_workspace: bool,
}

fn complaints(dependencies: &[Dependency]) -> Vec<String> {
    let mut found = Vec::new();
    for Dependency {
        of,
        on,
        in_workspace,
    } in dependencies
    {
        let Some(rule) = RULES.iter().find(|rule| rule.name == of) else {
            found.push(format!(
                "{of} has no rule: say in xtask/tests/tidy/layering.rs what it may depend on"
            ));
            continue;
        };
        let allowed = match (in_workspace, rule.others) {
            (true, _) => rule.workspace.contains(&on.as_str()),
            (false, Some(list)) => list.contains(&on.as_str()),
            (false, None) => true,
        };
        if !allowed {
            found.push(format!("{of} must not depend on {on}: move the code to where {on} is allowed (see docs/ARCHITECTURE.md)"));
        }
    }
    found
}

/// The normal and build dependencies of every crate; tests may use what they like.
fn read_manifests() -> Vec<Dependency> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs, or this test would not");
    let metadata: Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let mut found = Vec::new();
    for package in list(&metadata, "packages") {
        for dependency in list(package, "dependencies")
            .iter()
            .filter(|one| one["kind"] != "dev")
        {
            found.push(Dependency {
                of: text(package, "name"),
                on: text(dependency, "name"),
                in_workspace: dependency["path"].is_string(),
            });
        }
    }
    found
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[test]
fn crates_depend_only_downwards() {
    let dependencies = read_manifests();
    assert!(
        dependencies
            .iter()
            .any(|one| one.of == "tenure-server" && one.on == "tenure-domain")
    );
    none(&complaints(&dependencies));
}

#[test]
fn the_checker_sees_each_kind_of_wrong_dependency() {
    let on = |of: &str, on: &str, in_workspace| Dependency {
        of: of.to_owned(),
        on: on.to_owned(),
        in_workspace,
    };
    let wrong = [
        on("tenure-domain", "tokio", false),
        on("tenure-console", "tenure-server", true),
        on("tenure-client", "tenure-domain", true),
        on("xtask", "tenure-domain", true),
        on("newcomer", "serde", false),
    ];
    assert_eq!(complaints(&wrong).len(), wrong.len());
    assert!(
        complaints(&[
            on("tenure-server", "axum", false),
            on("tenure-domain", "chrono", false)
        ])
        .is_empty()
    );
}
