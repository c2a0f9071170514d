use verify::python::pool::*;
use verify::python::protocol::*;
fn main() {
    let v = std::env::args().nth(1).unwrap();
    let home = format!("/root/.pyenv/versions/{v}");
    let mm: String = v.split('.').take(2).collect::<Vec<_>>().join(".");
    let start = Start { program: "/work/main/target/debug/verify-python".into(), executable: format!("{home}/bin/python3").into(), libpython: format!("{home}/lib/libpython{mm}.so.1.0").into(),
        environment: [("PATH","/usr/bin:/bin"),("LANG","C.UTF-8"),("PYTHONHASHSEED","0")].map(|(a,b)|(a.to_string(),b.to_string())).to_vec(), clock_ahead: 0 };
    let pool = Pool::new(start, 2, std::path::Path::new("/tmp")).unwrap();
    let tests: &[(&str, bool)] = &[
        ("print('hi', 1)\nimport os\nos.write(1, b'raw\\n')\nprint('after')", false),
        ("def f():\n    print('in f')\n    return 1/0\nf()", false),
        ("1/0", true), ("x = 3\nx", true),
        ("import os\nprint('before', flush=True)\nos._exit(0)", false),
        ("import ctypes\nprint('before')\nctypes.string_at(0)", false),
        ("import sys\nsys.exit(3)", false),
        ("hog=[]\nwhile True:\n    hog.append(bytearray(b'x')*(16<<20))", false),
        ("import os,time\nfor _ in range(8):\n    if os.fork()==0:\n        os.setsid()\n        time.sleep(100)\n        os._exit(0)\nprint('parent done')", false),
        ("import multiprocessing as m\ndef w(n): print('child', n)\nif __name__=='__main__':\n    p=m.Process(target=w,args=(1,))\n    p.start(); p.join()\n    print('done')", false),
        ("import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')", false),
        ("input('? ')", false), ("open('nope.txt')", false), ("import nosuch", false), ("import subprocess,sys\nsubprocess.run(['echo','sub'])\nprint(subprocess.run([sys.executable,'-c','import sys;print(sys.prefix, 1)'],capture_output=True,text=True).stdout)", false),
        ("import builtins\nbuiltins.len=lambda x:-1\nbuiltins.print=lambda *a,**k:None", false),
        ("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nprint('tried')", false),
        ("import threading,time\nthreading.Thread(target=lambda:(time.sleep(.05),print('thread'))).start()\nprint('main')", false),
        ("import warnings\nwarnings.warn('x')\nimport logging\nlogging.warning('lw')\n'\\d'", false),
        ("class A:\n    def __del__(self): print('del')\na=A()", false),
        ("while True: pass", false),
        ("import time, os\nprint(time.time(), os.getcwd(), os.listdir('.'), dict(os.environ))\nprint(__name__)\nimport sys; print(sys.argv, sys.flags, sys.path, sys.orig_argv)\nprint(open('x','w').fileno())", false),
        ("def f(:", false), ("import concurrent.futures as c\nwith c.ProcessPoolExecutor(2) as e: print(list(e.map(abs,[-1,2])))", false),
        ("import multiprocessing as m\ndef w(n): return n*2\nif __name__=='__main__':\n    m.set_start_method('spawn')\n    with m.Pool(2) as p: print(p.map(w,[1,2]))", false),
    ];
    let jobs: Vec<Job> = tests.iter().map(|(t, p)| Job { path: "notes/a.md".into(), code: Code { prompts: *p, pieces: vec![Piece::new(10, *t)] }, limits: Limits { cpu: 4, wall: 5.0, ..Limits::default() }, ..Job::default() }).collect();
    let traces = pool.run(&jobs, &|_| {}).unwrap();
    for (t, (j, _)) in traces.iter().zip(tests) { println!("--- {j:?}\n  {:?} {:.4}s dropped {}", t.end, t.seconds, t.dropped); for e in &t.events { println!("    {e:?}"); } }
    println!("{:?}", pool.analyze(&[Code::script(1, "x=1\nfoo(x)"), Code::script(1, "a b")]));
    let n = 500; let jobs: Vec<Job> = (0..n).map(|i| Job { path: "a.md".into(), code: Code::script(1, format!("print({i})")), ..Job::default() }).collect();
    let s = std::time::Instant::now(); pool.run(&jobs, &|_| {}).unwrap(); println!("{:.3} ms each", s.elapsed().as_secs_f64() * 1e3 / n as f64);
}
