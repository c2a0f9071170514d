//! Which of several machines this is, as CI servers and clusters say it in variables.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::bounds;
use super::environment::Environment;
use super::mistake::Mistake;
use crate::cli::{ShardChoice, Sharding};
use crate::model::ShardNumber;

/// What starts the machines, and the variables in which it counts them.
#[derive(Clone, Copy, Debug)]
struct Engine {
    name: &'static str,
    index: &'static str,
    total: &'static str,
    /// The number of the first machine.
    first: First,
    /// What to do where `total` is not set.
    help: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum First {
    Is(usize),
    /// In these variables: the first number, and how far apart they are.
    In(&'static str, &'static str),
}

const BAZEL_STATUS: &str = "TEST_SHARD_STATUS_FILE";
const SLURM_FIRST: &str = "SLURM_ARRAY_TASK_MIN";
const SLURM_STEP: &str = "SLURM_ARRAY_TASK_STEP";

/// Those that are inside of others come first: a test of Bazel's may run in a job of GitLab's.
const ENGINES: [Engine; 6] = [
    Engine {
        name: "Bazel",
        index: "TEST_SHARD_INDEX",
        total: "TEST_TOTAL_SHARDS",
        first: First::Is(0),
        help: "set `shard_count` of the test",
    },
    Engine {
        name: "Slurm",
        index: "SLURM_ARRAY_TASK_ID",
        total: "SLURM_ARRAY_TASK_COUNT",
        first: First::In(SLURM_FIRST, SLURM_STEP),
        help: "submit it as an array: `sbatch --array=1-8`",
    },
    Engine {
        name: "Kubernetes",
        index: "JOB_COMPLETION_INDEX",
        total: "JOB_COMPLETIONS",
        first: First::Is(0),
        help: "set it in the manifest to the number that is the Job's `completions`",
    },
    Engine {
        name: "GitLab",
        index: "CI_NODE_INDEX",
        total: "CI_NODE_TOTAL",
        first: First::Is(1),
        help: "set `parallel` of the job",
    },
    Engine {
        name: "CircleCI",
        index: "CIRCLE_NODE_INDEX",
        total: "CIRCLE_NODE_TOTAL",
        first: First::Is(0),
        help: "set `parallelism` of the job",
    },
    Engine {
        name: "Buildkite",
        index: "BUILDKITE_PARALLEL_JOB",
        total: "BUILDKITE_PARALLEL_JOB_COUNT",
        first: First::Is(0),
        help: "set `parallelism` of the step",
    },
];

/// The variables of all of them that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    set: BTreeMap<&'static str, String>,
}

impl Machines {
    /// Reads the variables that `get` gives; an empty one is none.
    pub(super) fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let of_engines = ENGINES
            .iter()
            .flat_map(|engine| [engine.index, engine.total]);
        let names = of_engines.chain([BAZEL_STATUS, SLURM_FIRST, SLURM_STEP]);
        let set =
            names.filter_map(|name| Some((name, get(name).filter(|value| !value.is_empty())?)));
        Self { set: set.collect() }
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Mistake> {
        let Some(value) = self.set.get(name) else {
            return Ok(None);
        };
        let number = value.trim().parse().map_err(|_| {
            let message = format!("`{name}` is `{value}`, which is no number");
            wrong(message, "name the shard: `--shard K/N`")
        });
        number.map(Some)
    }

    /// The shard of this machine, and what said so.
    fn shard(&self) -> Result<(ShardNumber, Engine), Mistake> {
        for engine in ENGINES {
            let (index, total) = (self.number(engine.index)?, self.number(engine.total)?);
            let number = match (index, total) {
                (None, None) => continue,
                // One machine needs no number.
                (None, Some(0 | 1)) => ShardNumber { index: 1, total: 1 },
                (None, Some(_)) => return Err(lacks(engine, engine.index)),
                (Some(_), None) => return Err(lacks(engine, engine.total)),
                (Some(index), Some(total)) => self.placed(engine, index, total)?,
            };
            return Ok((number, engine));
        }
        Err(wrong(
            "`auto` finds nothing in the environment that says which shard this is",
            format!(
                "name it: `--shard K/N`; `auto` is for {}",
                ENGINES.map(|engine| engine.name).join(", ")
            ),
        ))
    }

    fn placed(&self, engine: Engine, index: usize, total: usize) -> Result<ShardNumber, Mistake> {
        let (first, step) = match engine.first {
            First::Is(first) => (first, 1),
            First::In(first, step) => (
                self.number(first)?.unwrap_or_default(),
                self.number(step)?.unwrap_or(1).max(1),
            ),
        };
        let above = index.checked_sub(first).filter(|above| above % step == 0);
        let number = above.map(|above| above / step + 1);
        match number {
            Some(index) if index <= total && bounds::SHARDS.contains(&total) => {
                Ok(ShardNumber { index, total })
            }
            _ => Err(wrong(
                format!(
                    "{} says that this is `{}` {index} of `{}` {total}, which can't be one of them in a row",
                    engine.name, engine.index, engine.total
                ),
                "number them without gaps, or name the shard: `--shard K/N`",
            )),
        }
    }
}

fn lacks(engine: Engine, name: &str) -> Mistake {
    let message = format!(
        "`{name}` is not set, so {} does not say which shard this is",
        engine.name
    );
    let help = format!("{}, or name the shard: `--shard K/N`", engine.help);
    wrong(message, help)
}

fn wrong(message: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake::new("--shard", message, help)
}

/// The shard, and the file that Bazel wants to be touched.
pub(super) fn decide(
    typed: &Sharding,
    env: &Environment,
    mistakes: &mut Vec<Mistake>,
) -> (Option<ShardNumber>, Option<PathBuf>) {
    match typed.shard {
        None => (None, None),
        Some(ShardChoice::Of(number)) => (Some(number), None),
        Some(ShardChoice::Auto) => match env.machines.shard() {
            Ok((number, engine)) => {
                let status = env.machines.set.get(BAZEL_STATUS);
                let status = status.filter(|_| engine.name == ENGINES[0].name);
                (Some(number), status.map(|path| env.cwd.join(path)))
            }
            Err(mistake) => {
                mistakes.push(mistake);
                (None, None)
            }
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn decided(variables: &[(&str, &str)]) -> Result<String, String> {
        let get = |wanted: &str| {
            let (_, value) = variables.iter().find(|(name, _)| *name == wanted)?;
            Some((*value).to_owned())
        };
        let env = Environment {
            cwd: "/project".into(),
            machines: Machines::from_variables(get),
            ..Environment::default()
        };
        let typed = Sharding {
            shard: Some(ShardChoice::Auto),
            timings: None,
        };
        let mut mistakes = Vec::new();
        let (number, status) = decide(&typed, &env, &mut mistakes);
        match number {
            None => Err(mistakes.pop().unwrap().to_string()),
            Some(ShardNumber { index, total }) => {
                let status = status.map(|path| format!(" {}", path.display()));
                Ok(format!("{index}/{total}{}", status.unwrap_or_default()))
            }
        }
    }

    fn found(variables: &[(&str, &str)], expected: &str) {
        assert_eq!(decided(variables), Ok(expected.to_owned()), "{variables:?}");
    }

    #[test]
    fn every_engine_says_which_shard_it_is() {
        found(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "4")], "3/4");
        found(
            &[("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "4")],
            "1/4",
        );
        let buildkite = [
            ("BUILDKITE_PARALLEL_JOB", "1"),
            ("BUILDKITE_PARALLEL_JOB_COUNT", "2"),
        ];
        found(&buildkite, "2/2");
        found(
            &[("JOB_COMPLETION_INDEX", "7"), ("JOB_COMPLETIONS", "8")],
            "8/8",
        );
        found(
            &[("TEST_SHARD_INDEX", "0"), ("TEST_TOTAL_SHARDS", "5")],
            "1/5",
        );
    }

    #[test]
    fn bazel_gets_its_file_and_nobody_else() {
        let bazel = [("TEST_SHARD_INDEX", "1"), ("TEST_TOTAL_SHARDS", "2")];
        let gitlab = [("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "9")];
        let status = [(BAZEL_STATUS, "status")];
        found(&[bazel, gitlab].concat(), "2/2");
        found(
            &[&bazel[..], &gitlab, &status].concat(),
            "2/2 /project/status",
        );
        found(&[&gitlab[..], &status].concat(), "1/9");
    }

    #[test]
    fn the_numbers_of_a_slurm_array_may_begin_anywhere_and_have_steps() {
        let slurm = |id, least, count, step| {
            let all = [
                ("SLURM_ARRAY_TASK_ID", id),
                (SLURM_FIRST, least),
                ("SLURM_ARRAY_TASK_COUNT", count),
                (SLURM_STEP, step),
            ];
            decided(&all)
        };
        assert_eq!(slurm("0", "0", "8", "1"), Ok("1/8".to_owned()));
        assert_eq!(slurm("8", "1", "8", ""), Ok("8/8".to_owned()));
        assert_eq!(slurm("15", "5", "3", "5"), Ok("3/3".to_owned()));
        // 1,3,7
        assert!(slurm("7", "1", "3", "1").unwrap_err().contains("7 of"));
        assert!(slurm("1", "2", "3", "1").unwrap_err().contains("gaps"));
    }

    #[test]
    fn one_machine_is_all_of_them() {
        found(&[("CI_NODE_TOTAL", "1")], "1/1");
    }

    #[test]
    fn what_can_not_be_told_is_a_mistake() {
        for (variables, said) in [
            (&[][..], "`--shard K/N`; `auto` is for Bazel, Slurm"),
            (
                &[("JOB_COMPLETION_INDEX", "1")],
                "`JOB_COMPLETIONS` is not set",
            ),
            (&[("CI_NODE_TOTAL", "2")], "set `parallel` of the job"),
            (
                &[("CI_NODE_INDEX", "x"), ("CI_NODE_TOTAL", "2")],
                "`x`, which is no number",
            ),
            (
                &[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "2")],
                "GitLab says that this is",
            ),
            (
                &[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "2")],
                "can't be one of them",
            ),
            (
                &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "9999999")],
                "can't be one of them",
            ),
        ] {
            let mistake = decided(variables).unwrap_err();
            assert!(
                mistake.starts_with("--shard: ") && mistake.contains(said),
                "{mistake}"
            );
        }
    }
}
