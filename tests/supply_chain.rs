//! The floors below which a dependency has a known hole, and the crates that must not come in at all, held against
//! Cargo.lock. What the network knows (new advisories, licences) is `cargo deny`'s, see deny.toml.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

/// The first release that may be used, and why. Counts for whoever brings the crate in, at whatever depth.
const FLOORS: [(&str, &str, &str); 14] = [
    ("ammonia", "4.2.4", "RUSTSEC-2026-0193, RUSTSEC-2026-0213"),
    ("axum", "0.8.9", "the release the limits were tried with"),
    ("bytes", "1.11.1", "advisories against earlier releases"),
    ("h2", "0.4.16", "advisories against earlier releases"),
    ("hyper", "1.12.0", "header timeouts as the accept loop needs them"),
    ("idna", "1.0.0", "RUSTSEC-2024-0421"),
    ("quick-xml", "0.41.0", "RUSTSEC-2026-0194, RUSTSEC-2026-0195"),
    ("rand", "0.8.6", "RUSTSEC-2026-0097"),
    ("ring", "0.17.12", "RUSTSEC-2025-0009"),
    ("sqlx", "0.8.1", "RUSTSEC-2024-0363"),
    ("sqlx-postgres", "0.8.1", "RUSTSEC-2024-0363"),
    ("tar", "0.4.45", "advisories against earlier releases"),
    ("time", "0.3.47", "advisories against earlier releases"),
    ("zip", "2.3.0", "RUSTSEC-2025-0168"),
];

/// Unsound, abandoned, or a second of something the project has one of.
const FORBIDDEN: [(&str, &str); 21] = [
    ("async-std", "RUSTSEC-2025-0052, discontinued"),
    ("aws-lc-sys", "a C library to build; ring does the same here"),
    ("axum-login", "sessions are our own"),
    ("bincode", "RUSTSEC-2025-0141"),
    ("dotenv", "unmaintained"),
    ("fxhash", "unmaintained"),
    ("jsonwebtoken", "no sessions in tokens that cannot be ended"),
    ("libyml", "RUSTSEC-2025-0067, unsound"),
    ("lru", "RUSTSEC-2026-0002"),
    ("native-tls", "rustls only"),
    ("openssl", "rustls only"),
    ("paste", "RUSTSEC-2024-0436"),
    ("proc-macro-error", "RUSTSEC-2024-0370"),
    ("rsa", "RUSTSEC-2023-0071, unfixed"),
    ("rustls-pemfile", "RUSTSEC-2025-0134"),
    ("sanitize-filename", "names are made, not mended"),
    ("serde_yaml", "deprecated"),
    ("serde_yml", "RUSTSEC-2025-0068"),
    ("tower-sessions-sqlx-store", "sessions are our own"),
    ("usvg", "no SVG is accepted"),
    ("yaml-rust", "RUSTSEC-2024-0320"),
];

/// The only place crates come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    /// None for the package itself.
    source: Option<String>,
    has_checksum: bool,
}

fn packages(lock: &str) -> Vec<Package> {
    let lock: toml::Table = lock.parse().unwrap();
    let text =
        |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| Package {
            name: text(package, "name").unwrap(),
            version: text(package, "version").unwrap(),
            source: text(package, "source"),
            has_checksum: text(package, "checksum").is_some(),
        })
        .collect()
}

/// Major, minor, patch, and whether it is a release: a pre-release comes before its release.
fn version(text: &str) -> (Vec<u64>, bool) {
    let numbers = text.split(['-', '+']).next().unwrap();
    let is_release = !text[numbers.len()..].starts_with('-');
    (numbers.split('.').map(|part| part.parse().unwrap()).collect(), is_release)
}

fn below_their_floor(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter_map(|package| {
            let (_, floor, why) = FLOORS.iter().find(|(name, ..)| *name == package.name)?;
            (version(&package.version) < version(floor))
                .then(|| format!("{} {} is below {floor}: {why}", package.name, package.version))
        })
        .collect()
}

fn forbidden(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter_map(|package| {
            let (name, why) = FORBIDDEN.iter().find(|(name, _)| *name == package.name)?;
            Some(format!("{name} must not come in: {why}"))
        })
        .collect()
}

fn from_elsewhere(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .filter(|package| match &package.source {
            Some(source) => source != REGISTRY || !package.has_checksum,
            None => package.name != "broadsheet",
        })
        .map(|package| format!("{} comes from {:?}", package.name, package.source))
        .collect()
}

fn locked() -> Vec<Package> {
    let locked = packages(include_str!("../Cargo.lock"));
    assert!(locked.len() > 100, "this is not the lock file");
    locked
}

fn package(name: &str, version: &str) -> Package {
    Package {
        name: name.to_owned(),
        version: version.to_owned(),
        source: Some(REGISTRY.to_owned()),
        has_checksum: true,
    }
}

#[test]
fn no_dependency_is_below_its_security_floor() {
    assert_eq!(below_their_floor(&locked()), [""; 0]);
}

#[test]
fn a_dependency_below_its_floor_is_found() {
    let old = [package("ammonia", "4.2.3"), package("rand", "0.8.5"), package("time", "0.3.47")];
    assert_eq!(
        below_their_floor(&old),
        [
            "ammonia 4.2.3 is below 4.2.4: RUSTSEC-2026-0193, RUSTSEC-2026-0213",
            "rand 0.8.5 is below 0.8.6: RUSTSEC-2026-0097"
        ]
    );
}

#[test]
fn a_pre_release_is_below_its_release() {
    assert_eq!(below_their_floor(&[package("sqlx", "0.8.1-rc.1")]).len(), 1);
    assert_eq!(below_their_floor(&[package("idna", "1.0.0-alpha")]).len(), 1);
    assert_eq!(below_their_floor(&[package("sqlx", "0.8.1+build")]).len(), 0);
}

#[test]
fn versions_are_numbers_and_not_text() {
    assert_eq!(below_their_floor(&[package("time", "0.3.100"), package("sqlx", "0.10.0")]).len(), 0);
}

#[test]
fn no_forbidden_crate_comes_in() {
    assert_eq!(forbidden(&locked()), [""; 0]);
}

#[test]
fn a_forbidden_crate_is_found() {
    assert_eq!(
        forbidden(&[package("serde_yml", "0.0.12")]),
        ["serde_yml must not come in: RUSTSEC-2025-0068"]
    );
}

#[test]
fn everything_comes_from_the_registry_with_a_checksum() {
    assert_eq!(from_elsewhere(&locked()), [""; 0]);
}

#[test]
fn a_crate_from_elsewhere_is_found() {
    let git = Package { source: Some("git+https://example.org/a".to_owned()), ..package("a", "1.0.0") };
    let bare = Package { has_checksum: false, ..package("b", "1.0.0") };
    assert_eq!(from_elsewhere(&[git, bare]).len(), 2);
}

#[test]
fn each_rule_is_stated_once() {
    let names: Vec<&str> =
        FLOORS.iter().map(|(name, ..)| *name).chain(FORBIDDEN.iter().map(|(name, _)| *name)).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

// --- the editor's engine from npm -----------------------------------------------------------------------------------

/// What is wrong with the list of npm packages: each has its checksum and no registry of somebody's own, and Tiptap's
/// packages, which only fit one another, have one version.
fn npm_complaints(lock: &str) -> Vec<String> {
    let lock: serde_json::Value = serde_json::from_str(lock).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let mut complaints = Vec::new();
    let mut tiptap = BTreeSet::new();
    for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        if !text("integrity").starts_with("sha512-") {
            complaints.push(format!("{name} has no checksum"));
        }
        if package.get("resolved").is_some() && !text("resolved").starts_with("https://registry.npmjs.org/") {
            complaints.push(format!("{name} comes from {}", text("resolved")));
        }
        if name.starts_with("node_modules/@tiptap/") {
            tiptap.insert(text("version").to_owned());
        }
        if name == "node_modules/prosemirror-view" && version(text("version")) < version("1.42.3") {
            complaints.push(format!("{name} is below 1.42.3: GHSA-c8x8-7fp4-3x9w"));
        }
        if name == "node_modules/linkifyjs" && version(text("version")) < version("4.3.2") {
            complaints.push(format!("{name} is below 4.3.2: GHSA-95jq-xph2-cx9h"));
        }
    }
    if tiptap.len() != 1 {
        complaints.push(format!("Tiptap comes in {} versions", tiptap.len()));
    }
    complaints
}

#[test]
fn the_list_of_npm_packages_is_whole_and_names_nobodys_own_registry() {
    assert_eq!(npm_complaints(include_str!("../editor/package-lock.json")), [""; 0]);
}

#[test]
fn what_is_wrong_with_a_list_of_npm_packages_is_found() {
    let lock = r#"{ "packages": {
        "": { "name": "broadsheet-editor" },
        "node_modules/@tiptap/core": { "version": "3.34.0", "integrity": "sha512-a" },
        "node_modules/@tiptap/pm": { "version": "3.33.0", "integrity": "sha512-a" },
        "node_modules/prosemirror-view": { "version": "1.42.2", "integrity": "sha512-a" },
        "node_modules/linkifyjs": { "version": "4.3.1", "integrity": "sha512-a", "resolved": "https://npm.example/a.tgz" },
        "node_modules/orderedmap": { "version": "2.1.1" } } }"#;
    assert_eq!(npm_complaints(lock).len(), 5, "{:?}", npm_complaints(lock));
}
