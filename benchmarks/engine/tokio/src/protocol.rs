/* SPDX-License-Identifier: Apache-2.0 */

//! One request per line on standard input, one JSON object per line on standard output; silence in between, so that a
//! peer that is not asked anything costs nothing.

use crate::scheduler::Scheduler;
use std::io::{self, BufRead, Write};
use std::time::Duration;

/// What one `run` took: `timed` is the part that the shape counts.
pub struct Measured {
    pub operations: u64,
    pub timed: Duration,
}

/// Answers requests until the driver closes standard input.
pub fn serve(allocated: fn() -> Option<u64>) {
    let scheduler = Scheduler::new();
    answer(&format!(
        r#"{{"peer":"tokio","version":"{}"}}"#,
        option_env!("TOKIO_VERSION").unwrap_or("unknown")
    ));
    for line in io::stdin().lock().lines() {
        let line = line.expect("the driver closed the pipe in mid-line");
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["run", shape, iterations] => match iterations.parse() {
                Ok(iterations) => answer(&run(&scheduler, shape, iterations, allocated)),
                Err(_) => answer(&error("iterations must be a positive number")),
            },
            ["quit"] => return,
            _ => answer(&error("expected: run SHAPE ITERATIONS, or quit")),
        }
    }
}

fn run(scheduler: &Scheduler, shape: &str, iterations: u64, allocated: fn() -> Option<u64>) -> String {
    let bytes_before = allocated();
    let cpu_before = process_cpu_time();
    let measured = match scheduler.run(shape, iterations) {
        Ok(measured) => measured,
        Err(reason) => return error(reason),
    };
    let cpu = process_cpu_time() - cpu_before;
    let bytes = allocated().zip(bytes_before).map(|(after, before)| after - before);
    let operations = measured.operations as f64;
    format!(
        r#"{{"shape":"{shape}","operations":{},"nanos":{:.3},"cpu":{:.3},"alloc":{}}}"#,
        measured.operations,
        measured.timed.as_nanos() as f64 / operations,
        cpu.as_nanos() as f64 / operations,
        bytes.map_or("null".to_string(), |bytes| format!("{:.1}", bytes as f64 / operations)),
    )
}

fn error(message: &str) -> String {
    format!(r#"{{"error":"{message}"}}"#)
}

fn answer(line: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the driver is gone");
}

fn process_cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(failed, 0, "the kernel has no process CPU clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
