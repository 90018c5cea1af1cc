/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.benchmarks.engine.scheduler

import dev.weft.benchmarks.engine.peer.PeerServer
import dev.weft.benchmarks.engine.peer.Stall
import dev.weft.benchmarks.engine.peer.Workload.Background
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext

/**
 * Coroutines on the library's own work-stealing dispatcher, which the driver limits to two threads. A wrapper that
 * limits parallelism, and an executor as dispatcher, both cost more.
 */
private class KotlinPeer : SchedulerPeer<Job> {

    override fun chainedSpawn(length: Int) = runBlocking {
        val done = CountDownLatch(1)
        Detached.launch { link(length, done) }
        done.await()
    }

    private fun link(left: Int, done: CountDownLatch) {
        if (left == 0) {
            done.countDown()
        } else {
            Detached.launch { link(left - 1, done) }
        }
    }

    override fun spawnManyLocal(tasks: Int) = runBlocking {
        val done = CountDownLatch(1)
        val left = AtomicInteger(tasks)
        repeat(tasks) {
            Detached.launch {
                if (left.decrementAndGet() == 0) {
                    done.countDown()
                }
            }
        }
        done.await()
    }

    override fun spawnEmpty(): Job = Detached.launch {}

    override fun joinAll(handles: List<Job>) = runBlocking { handles.joinAll() }

    override fun keepBusyYielding(): Background {
        val load = RepeatingLoad(2 * SchedulerPeer.WORKERS)
        repeat(2 * SchedulerPeer.WORKERS) {
            Detached.launch {
                while (load.wanted()) {
                    yield()
                    Stall.once()
                }
                load.ended()
            }
        }
        return load
    }

    override fun keepBusySpawning(): Background {
        val load = RepeatingLoad(SchedulerPeer.WORKERS)
        repeat(SchedulerPeer.WORKERS) {
            Detached.launch { busyLink(load) }
        }
        return load
    }

    private fun busyLink(load: RepeatingLoad) {
        if (load.wanted()) {
            Stall.once()
            Detached.launch { busyLink(load) }
        } else {
            load.ended()
        }
    }

    override fun pingPong(exchanges: Int) = runBlocking {
        val done = CountDownLatch(1)
        val left = AtomicInteger(exchanges)
        Detached.launch {
            repeat(exchanges) {
                Detached.launch {
                    exchange()
                    if (left.decrementAndGet() == 0) {
                        done.countDown()
                    }
                }
            }
        }
        done.await()
    }

    private suspend fun exchange() {
        val ping = CompletableDeferred<Unit>()
        val pong = CompletableDeferred<Unit>()
        Detached.launch {
            ping.await()
            pong.complete(Unit)
        }
        ping.complete(Unit)
        pong.await()
    }

    override fun yieldMany(tasks: Int, yields: Int) {
        val done = CountDownLatch(tasks)
        repeat(tasks) {
            Detached.launch {
                repeat(yields) { yield() }
                done.countDown()
            }
        }
        done.await()
    }

    override fun spawnAndJoin(tasks: Int) = runBlocking {
        val handles = List(tasks) {
            Detached.async {
                yield()
                2
            }
        }
        handles.forEach { SchedulerPeer.checkYielded(it.await()) }
    }

    override fun spawnBlocking(tasks: Int, batches: Int, batch: Int) = runBlocking {
        val parents = List(tasks) {
            Detached.launch {
                repeat(batches) {
                    List(batch) { job -> Detached.async(Dispatchers.IO) { job } }.awaitAll()
                }
            }
        }
        parents.joinAll()
    }

    override fun fanOutJoin(children: Int, width: Int) = runBlocking {
        val parent = Detached.launch {
            repeat(children / width) {
                val handles = List(width) { child -> Detached.async { child } }
                SchedulerPeer.checkSum(handles.sumOf { it.await().toLong() }, width)
            }
        }
        parent.join()
    }

    override fun close() {}
}

/** Coroutines without a parent job, as Tokio's spawned tasks have none: cheaper than a structured scope. */
private object Detached : CoroutineScope {
    override val coroutineContext: CoroutineContext = Dispatchers.Default
}

fun main() {
    val version = Job::class.java.getResource("/META-INF/kotlinx_coroutines_core.version")?.readText()?.trim()
    KotlinPeer().use { PeerServer.serve("kotlin", version ?: "unknown", SchedulerShapes.of(it)) }
}
