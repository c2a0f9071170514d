//! What keeps snippets from the machine that they run on: what of it there is, and what is missing.

use serde::{Deserialize, Serialize};

/// One part of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fence {
    /// Processes of its own (`pid_namespaces(7)`).
    Processes,
    /// A network of its own (`network_namespaces(7)`).
    Network,
    /// A view of the files of its own (`mount_namespaces(7)`).
    Files,
    /// Rules about files and signals (`landlock(7)`).
    Landlock,
    /// A filter of system calls (`seccomp(2)`).
    Seccomp,
}

impl Fence {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Processes,
        Self::Network,
        Self::Files,
        Self::Landlock,
        Self::Seccomp,
    ];
}

/// What contains the snippets of a run, beside limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Containment {
    /// It was turned off.
    pub off: bool,
    /// What there is.
    pub has: Vec<Fence>,
}

impl Containment {
    /// What is missing.
    pub fn lacks(&self) -> Vec<Fence> {
        let missing = |fence: &Fence| !self.has.contains(fence);
        Fence::ALL.into_iter().filter(missing).collect()
    }

    /// All of it is there.
    pub fn is_full(&self) -> bool {
        !self.off && self.lacks().is_empty()
    }

    /// In words, such as `landlock, seccomp; no namespaces`.
    pub fn words(&self) -> String {
        if self.off {
            return "off".into();
        }
        let has = names(&self.has);
        let has = if has.is_empty() {
            "limits only".into()
        } else {
            has.join(", ")
        };
        let lacks = names(&self.lacks());
        if lacks.is_empty() {
            has
        } else {
            format!("{has}; no {}", lacks.join(", no "))
        }
    }
}

/// The names of these, all kinds of namespaces as one.
fn names(fences: &[Fence]) -> Vec<&'static str> {
    let spaces = [
        (Fence::Processes, "process namespace"),
        (Fence::Network, "network namespace"),
        (Fence::Files, "mount namespace"),
    ];
    let mut names = Vec::new();
    if spaces.iter().all(|(fence, _)| fences.contains(fence)) {
        names.push("namespaces");
    } else {
        let some = spaces.iter().filter(|(fence, _)| fences.contains(fence));
        names.extend(some.map(|(_, name)| *name));
    }
    for (fence, name) in [(Fence::Landlock, "landlock"), (Fence::Seccomp, "seccomp")] {
        if fences.contains(&fence) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let with = |has: &[Fence]| Containment {
            off: false,
            has: has.to_vec(),
        };
        let filters = with(&[Fence::Landlock, Fence::Seccomp]);
        assert_eq!(filters.words(), "landlock, seccomp; no namespaces");
        assert!(!filters.is_full());
        let some = with(&[Fence::Processes, Fence::Network, Fence::Seccomp]);
        assert_eq!(
            some.words(),
            "process namespace, network namespace, seccomp; no mount namespace, no landlock"
        );
        assert_eq!(
            with(&[]).words(),
            "limits only; no namespaces, no landlock, no seccomp"
        );
        assert!(with(&Fence::ALL).is_full());
        assert_eq!(with(&Fence::ALL).words(), "namespaces, landlock, seccomp");
    }

    #[test]
    fn what_is_off_is_never_full() {
        let off = Containment {
            off: true,
            has: Fence::ALL.to_vec(),
        };
        assert!(!off.is_full());
        assert_eq!(off.words(), "off");
    }
}
