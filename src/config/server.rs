//! What GitHub Actions and GitLab CI say of themselves in variables: where the repository lies, where
//! its files are shown, and where a summary of the job is taken from.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The server that runs `verify`; nothing is known of it elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// The folder of the repository.
    pub repository: Option<PathBuf>,
    /// The address of the repository's files at this commit, with a `/` at its end.
    pub files: Option<String>,
    /// The file to which a summary of the job is added.
    pub summary: Option<PathBuf>,
    /// It runs for a pull request, so that strangers may have written all that is checked.
    pub is_pull_request: bool,
}

/// Variables that servers set for a pull request, to its number or address, and to `false` for none: GitLab,
/// Azure Pipelines, Bitbucket, Jenkins, Circle, Travis, Appveyor, Buildkite, Drone, Woodpecker, Cirrus,
/// Semaphore, Prow, Codefresh and Vercel.
const PULL_REQUEST: [&str; 16] = [
    "CI_MERGE_REQUEST_IID",
    "CI_EXTERNAL_PULL_REQUEST_IID",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "BITBUCKET_PR_ID",
    "CHANGE_ID",
    "CIRCLE_PULL_REQUEST",
    "TRAVIS_PULL_REQUEST",
    "APPVEYOR_PULL_REQUEST_NUMBER",
    "BUILDKITE_PULL_REQUEST",
    "DRONE_PULL_REQUEST",
    "CI_COMMIT_PULL_REQUEST",
    "CIRRUS_PR",
    "SEMAPHORE_GIT_PR_NUMBER",
    "PULL_NUMBER",
    "CF_PULL_REQUEST_NUMBER",
    "VERCEL_GIT_PULL_REQUEST_ID",
];

impl Server {
    /// Reads the variables that `get` gives; an empty one is none.
    pub(super) fn from_variables(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| get(name)?.into_string().ok();
        let github = || {
            let (server, repository) = (text("GITHUB_SERVER_URL")?, text("GITHUB_REPOSITORY")?);
            Some(format!(
                "{server}/{repository}/blob/{}/",
                text("GITHUB_SHA")?
            ))
        };
        let gitlab = || {
            let (project, commit) = (text("CI_PROJECT_URL")?, text("CI_COMMIT_SHA")?);
            Some(format!("{project}/-/blob/{commit}/"))
        };
        let repository = get("GITHUB_WORKSPACE").or_else(|| get("CI_PROJECT_DIR"));
        Self {
            repository: repository.map(PathBuf::from),
            files: github().or_else(gitlab),
            summary: get("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            is_pull_request: is_pull_request(text),
        }
    }

    /// The way from the repository's folder to `root`, with a `/` at its end; `""` where it is the
    /// same or not known.
    pub(super) fn prefix(&self, root: &Path) -> String {
        let below = |root: &Path, repository: &Path| -> Option<String> {
            let below = root.strip_prefix(repository).ok()?.to_str()?;
            Some(if below.is_empty() {
                String::new()
            } else {
                format!("{below}/")
            })
        };
        let Some(repository) = &self.repository else {
            return String::new();
        };
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        below(root, repository)
            .or_else(|| below(&real(root), &real(repository)))
            .unwrap_or_default()
    }
}

fn is_pull_request(text: impl Fn(&str) -> Option<String>) -> bool {
    // GitHub, Gitea and Forgejo name what happened.
    let event = text("GITHUB_EVENT_NAME").unwrap_or_default();
    let numbers = PULL_REQUEST.iter().filter_map(|name| text(name));
    event.starts_with("pull_request")
        || event == "issue_comment"
        || numbers.into_iter().any(|value| value != "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(variables: &[(&str, &str)]) -> Server {
        Server::from_variables(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted)?;
            Some(found.1.into())
        })
    }

    #[test]
    fn both_servers_say_where_their_files_are() {
        let github = server(&[
            ("GITHUB_WORKSPACE", "/w/r"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "o/r"),
            ("GITHUB_SHA", "1234"),
            ("GITHUB_STEP_SUMMARY", "/w/summary"),
        ]);
        assert_eq!(
            github.files.as_deref(),
            Some("https://github.com/o/r/blob/1234/")
        );
        assert_eq!(github.summary, Some(PathBuf::from("/w/summary")));
        let gitlab = server(&[
            ("CI_PROJECT_DIR", "/builds/r"),
            ("CI_PROJECT_URL", "https://gitlab.com/o/r"),
            ("CI_COMMIT_SHA", "1234"),
        ]);
        assert_eq!(
            gitlab.files.as_deref(),
            Some("https://gitlab.com/o/r/-/blob/1234/")
        );
        assert_eq!(gitlab.repository, Some(PathBuf::from("/builds/r")));
        assert_eq!(server(&[("GITHUB_STEP_SUMMARY", "")]), Server::default());
    }

    #[test]
    fn a_pull_request_is_known() {
        for (name, value) in [
            ("GITHUB_EVENT_NAME", "pull_request"),
            ("GITHUB_EVENT_NAME", "pull_request_target"),
            ("CI_MERGE_REQUEST_IID", "12"),
            ("TRAVIS_PULL_REQUEST", "7"),
        ] {
            assert!(server(&[(name, value)]).is_pull_request, "{name}={value}");
        }
        for (name, value) in [
            ("GITHUB_EVENT_NAME", "push"),
            ("TRAVIS_PULL_REQUEST", "false"),
            ("CIRCLE_PULL_REQUEST", ""),
            ("CI", "true"),
        ] {
            assert!(!server(&[(name, value)]).is_pull_request, "{name}={value}");
        }
    }

    #[test]
    fn notes_may_lie_below_the_repository() {
        let server = server(&[("GITHUB_WORKSPACE", "/w/r")]);
        assert_eq!(server.prefix(Path::new("/w/r")), "");
        assert_eq!(server.prefix(Path::new("/w/r/docs/py")), "docs/py/");
        assert_eq!(server.prefix(Path::new("/elsewhere")), "");
        assert_eq!(Server::default().prefix(Path::new("/w/r/docs")), "");
    }
}
