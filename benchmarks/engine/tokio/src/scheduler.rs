/* SPDX-License-Identifier: Apache-2.0 */

//! The group `scheduler`. Sizes, and what is timed, are those of Tokio's own benchmarks with two workers; what each
//! shape does is written down in benchmarks/README.md, once for all peers.

use crate::protocol::Measured;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{channel, sync_channel, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::{self, JoinHandle};

const WORKERS: usize = 2;
const CHAIN: u64 = 1_000;
const MANY: u64 = 10_000;
const MANY_BESIDE_CHAINS: u64 = 1_000;
const PINGS: u64 = 1_000;
const YIELDERS: u64 = 200;
const YIELDS: u64 = 1_000;
const REMOTE: u64 = 12_800;
const BATCHES: u64 = 100;
const BATCH: u64 = 16;
const CHILDREN: u64 = 10_000;
const STALL: Duration = Duration::from_micros(10);
const STARVED: Duration = Duration::from_secs(3);

pub struct Scheduler {
    runtime: Runtime,
}

impl Scheduler {
    pub fn new() -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .enable_all()
            .build()
            .expect("the runtime does not start");
        Self { runtime }
    }

    /// Runs `iterations` of one shape, or says why it cannot.
    pub fn run(&self, shape: &str, iterations: u64) -> Result<Measured, &'static str> {
        let each = |operations: u64, body: &mut dyn FnMut()| {
            let start = Instant::now();
            for _ in 0..iterations {
                body();
            }
            Measured { operations: operations * iterations, timed: start.elapsed() }
        };
        let many_beside = |busy: Busy, tasks: u64| {
            busy.unless_it_starves(|done| {
                each(tasks, &mut || {
                    self.spawn_many_remote(tasks);
                    done.fetch_add(1, Relaxed);
                })
            })
        };
        Ok(match shape {
            "chained_spawn" => each(CHAIN, &mut || self.chained_spawn()),
            "spawn_many_local" => each(MANY, &mut || self.spawn_many_local()),
            "spawn_many_remote_idle" => each(MANY, &mut || self.spawn_many_remote(MANY)),
            "spawn_many_remote_busy1" => many_beside(self.keep_busy_yielding(), MANY)?,
            "spawn_many_remote_busy2" => many_beside(self.keep_busy_spawning(), MANY_BESIDE_CHAINS)?,
            "ping_pong" => each(PINGS, &mut || self.ping_pong()),
            "yield_many" => each(YIELDERS * YIELDS, &mut || self.yield_many()),
            "spawn_1" => each(1, &mut || self.spawn_one()),
            "spawn_10" => each(10, &mut || self.spawn_ten()),
            "remote_spawn_1" => self.remote_spawn(1, iterations),
            "remote_spawn_2" => self.remote_spawn(2, iterations),
            "remote_spawn_4" => self.remote_spawn(4, iterations),
            "remote_spawn_8" => self.remote_spawn(8, iterations),
            "spawn_blocking_1" => each(BATCHES * BATCH, &mut || self.spawn_blocking(1)),
            "spawn_blocking_4" => each(4 * BATCHES * BATCH, &mut || self.spawn_blocking(4)),
            "spawn_blocking_16" => each(16 * BATCHES * BATCH, &mut || self.spawn_blocking(16)),
            "fan_out_join_10" => each(CHILDREN, &mut || self.fan_out_join(10)),
            "fan_out_join_1000" => each(CHILDREN, &mut || self.fan_out_join(1_000)),
            _ => return Err("unsupported"),
        })
    }

    fn chained_spawn(&self) {
        fn link(left: u64, done: SyncSender<()>) {
            if left == 0 {
                done.send(()).unwrap();
            } else {
                tokio::spawn(async move { link(left - 1, done) });
            }
        }
        let (done, finished) = sync_channel(1);
        self.runtime.block_on(async {
            tokio::spawn(async move { link(CHAIN, done) });
            finished.recv().unwrap();
        });
    }

    fn spawn_many_local(&self) {
        let (done, finished) = sync_channel(1);
        let left = Arc::new(AtomicUsize::new(MANY as usize));
        self.runtime.block_on(async {
            for _ in 0..MANY {
                let (left, done) = (left.clone(), done.clone());
                tokio::spawn(async move {
                    if left.fetch_sub(1, Relaxed) == 1 {
                        done.send(()).unwrap();
                    }
                });
            }
            finished.recv().unwrap();
        });
    }

    fn spawn_many_remote(&self, tasks: u64) {
        let handles: Vec<_> = (0..tasks).map(|_| self.runtime.spawn(async {})).collect();
        self.join_all(handles);
    }

    /// Twice as many tasks as workers, each of which holds its worker for a moment, yields, and starts over.
    fn keep_busy_yielding(&self) -> Busy<'_> {
        let wanted = Arc::new(AtomicBool::new(true));
        let handles = (0..2 * WORKERS).map(|_| {
            let wanted = wanted.clone();
            self.runtime.spawn(async move {
                while wanted.load(Relaxed) {
                    task::yield_now().await;
                    stall();
                }
            })
        });
        Busy { handles: handles.collect(), wanted, scheduler: self }
    }

    /// As many chains of tasks as workers: each link holds its worker for a moment and spawns its successor.
    fn keep_busy_spawning(&self) -> Busy<'_> {
        fn link(wanted: Arc<AtomicBool>, ended: oneshot::Sender<()>) {
            tokio::spawn(async move {
                if wanted.load(Relaxed) {
                    stall();
                    link(wanted, ended);
                } else {
                    let _ = ended.send(());
                }
            });
        }
        let wanted = Arc::new(AtomicBool::new(true));
        let handles = (0..WORKERS).map(|_| {
            let wanted = wanted.clone();
            self.runtime.spawn(async move {
                let (ended, end) = oneshot::channel();
                link(wanted, ended);
                end.await.unwrap();
            })
        });
        Busy { handles: handles.collect(), wanted, scheduler: self }
    }

    fn ping_pong(&self) {
        async fn exchange() {
            let (ping, pinged) = oneshot::channel();
            let (pong, ponged) = oneshot::channel();
            tokio::spawn(async move {
                pinged.await.unwrap();
                pong.send(()).unwrap();
            });
            ping.send(()).unwrap();
            ponged.await.unwrap();
        }
        let (done, finished) = sync_channel(1);
        let left = Arc::new(AtomicUsize::new(PINGS as usize));
        self.runtime.block_on(async {
            tokio::spawn(async move {
                for _ in 0..PINGS {
                    let (left, done) = (left.clone(), done.clone());
                    tokio::spawn(async move {
                        exchange().await;
                        if left.fetch_sub(1, Relaxed) == 1 {
                            done.send(()).unwrap();
                        }
                    });
                }
            });
            finished.recv().unwrap();
        });
    }

    fn yield_many(&self) {
        let (done, finished) = sync_channel(YIELDERS as usize);
        for _ in 0..YIELDERS {
            let done = done.clone();
            self.runtime.spawn(async move {
                for _ in 0..YIELDS {
                    task::yield_now().await;
                }
                done.send(()).unwrap();
            });
        }
        for _ in 0..YIELDERS {
            finished.recv().unwrap();
        }
    }

    fn spawn_one(&self) {
        self.runtime.block_on(async {
            assert_eq!(tokio::spawn(yield_once()).await.unwrap(), 2);
        });
    }

    fn spawn_ten(&self) {
        self.runtime.block_on(async {
            let handles: Vec<_> = (0..10).map(|_| tokio::spawn(yield_once())).collect();
            for handle in handles {
                assert_eq!(handle.await.unwrap(), 2);
            }
        });
    }

    /// Timed: starting the threads, what they spawn, and their end. Not timed: joining the tasks.
    fn remote_spawn(&self, threads: u64, iterations: u64) -> Measured {
        let share = REMOTE / threads;
        let barrier = Barrier::new(threads as usize);
        let spawn_share = || {
            let mut handles = Vec::with_capacity(share as usize);
            barrier.wait();
            for _ in 0..share {
                handles.push(self.runtime.spawn(async {}));
            }
            handles
        };
        let mut timed = Duration::ZERO;
        for _ in 0..iterations {
            let start = Instant::now();
            let handles: Vec<JoinHandle<()>> = thread::scope(|scope| {
                let spawners: Vec<_> = (0..threads).map(|_| scope.spawn(spawn_share)).collect();
                spawners.into_iter().flat_map(|spawner| spawner.join().unwrap()).collect()
            });
            timed += start.elapsed();
            self.join_all(handles);
        }
        Measured { operations: REMOTE * iterations, timed }
    }

    fn spawn_blocking(&self, tasks: u64) {
        self.runtime.block_on(async {
            let handles: Vec<_> = (0..tasks)
                .map(|_| {
                    tokio::spawn(async {
                        for _ in 0..BATCHES {
                            let batch: Vec<_> =
                                (0..BATCH).map(|job| task::spawn_blocking(move || black_box(job))).collect();
                            for job in batch {
                                job.await.unwrap();
                            }
                        }
                    })
                })
                .collect();
            for handle in handles {
                handle.await.unwrap();
            }
        });
    }

    /// One task on the runtime, which fans out again and again until it has had all its children.
    fn fan_out_join(&self, width: u64) {
        let parent = self.runtime.spawn(async move {
            for _ in 0..CHILDREN / width {
                let children: Vec<_> = (0..width).map(|child| tokio::spawn(async move { child })).collect();
                let mut sum = 0;
                for child in children {
                    sum += child.await.unwrap();
                }
                assert_eq!(sum, width * (width - 1) / 2);
            }
        });
        self.runtime.block_on(parent).unwrap();
    }

    fn join_all(&self, handles: Vec<JoinHandle<()>>) {
        self.runtime.block_on(async {
            for handle in handles {
                handle.await.unwrap();
            }
        });
    }
}

/// Background load, which is gone when this is dropped.
struct Busy<'a> {
    scheduler: &'a Scheduler,
    wanted: Arc<AtomicBool>,
    handles: Vec<JoinHandle<()>>,
}

impl Busy<'_> {
    /// Does the work beside this load. Some schedulers let the load starve everything else for ever: then the load is
    /// taken away, and the result says so.
    fn unless_it_starves(&self, work: impl FnOnce(&AtomicUsize) -> Measured) -> Result<Measured, &'static str> {
        let (end, ended) = channel::<()>();
        let done = &AtomicUsize::new(0);
        let wanted = &self.wanted;
        thread::scope(|scope| {
            let guard = scope.spawn(move || {
                let mut seen = 0;
                while ended.recv_timeout(STARVED) == Err(RecvTimeoutError::Timeout) {
                    let now = done.load(Relaxed);
                    if now == seen {
                        wanted.store(false, Relaxed);
                        return true;
                    }
                    seen = now;
                }
                false
            });
            let measured = work(done);
            drop(end);
            match guard.join() {
                Ok(false) => Ok(measured),
                _ => Err("starves: nothing done within 3 s"),
            }
        })
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.wanted.store(false, Relaxed);
        self.scheduler.join_all(std::mem::take(&mut self.handles));
    }
}

async fn yield_once() -> u32 {
    task::yield_now().await;
    black_box(1) + 1
}

/// Holds the worker for the stall's time, leaving the core to other threads if the kernel likes.
fn stall() {
    let start = Instant::now();
    while start.elapsed() < STALL {
        thread::yield_now();
    }
}
