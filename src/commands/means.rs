//! What a run needs of the system: threads and descriptors, as many as it gives.

use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rayon::ThreadPoolBuilder;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many descriptors are enough for any number of workers.
const DESCRIPTORS: u64 = 4096;

/// Takes what the system gives; a run goes on with less.
pub(crate) fn take() {
    raise_descriptors();
    start_threads();
}

/// Many systems grant more than they give at first.
fn raise_descriptors() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let most = maximum.unwrap_or(DESCRIPTORS).min(DESCRIPTORS);
    if current.is_some_and(|current| current < most) {
        let raised = Rlimit {
            current: Some(most),
            maximum,
        };
        // The run then goes on with what it has.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// Starts the threads among which work is spread: rayon would panic where not all of them can be started.
fn start_threads() {
    let wanted = thread::available_parallelism().map_or(1, Into::into);
    let places: Vec<Sender<rayon::ThreadBuilder>> = (0..wanted).map_while(|_| thread()).collect();
    let builder = ThreadPoolBuilder::new();
    // Both fail only where there are threads already.
    let _ = if places.is_empty() {
        builder.num_threads(1).use_current_thread().build_global()
    } else {
        let count = places.len();
        let places = Mutex::new(places);
        let start = |task: rayon::ThreadBuilder| {
            let place = places.lock().ok().and_then(|mut places| places.pop());
            let gone = || std::io::Error::other("there is no thread left");
            let sent = place.ok_or_else(gone)?.send(task);
            sent.map_err(|_| gone())
        };
        builder
            .num_threads(count)
            .spawn_handler(start)
            .build_global()
    };
}

/// A thread that waits for what it is to do.
fn thread() -> Option<Sender<rayon::ThreadBuilder>> {
    let (place, task) = channel::<rayon::ThreadBuilder>();
    let life = move || {
        if let Ok(task) = task.recv() {
            task.run();
        }
    };
    thread::Builder::new().spawn(life).ok().map(|_| place)
}
