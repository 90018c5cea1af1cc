/* SPDX-License-Identifier: Apache-2.0 */

const $ = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** Makes an element; text goes in as text, never as markup. */
function element(name, { className = "", text = "" } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  made.append(...children);
  return made;
}

function link(href, text) {
  const made = element("a", { text });
  made.href = href;
  return made;
}

/** Fetches JSON; an error answer becomes an Error with the problem's own words. */
async function json(url, options) {
  const answer = await fetch(url, options).catch(() => {
    throw new Error("The demo does not answer.");
  });
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(body?.detail ?? body?.message ?? `${url} answered ${answer.status}`);
  return body;
}

const post = (url, body) =>
  json(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Runs what a form asks for, with its button disabled meanwhile and trouble shown in words. */
function onSubmit(form, problem, work) {
  $(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $(form).querySelector("button");
    button.disabled = true;
    try {
      await work();
      $(problem).hidden = true;
    } catch (trouble) {
      $(problem).textContent = trouble.message;
      $(problem).hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

// Quotes

let order = [];

function bar(source, kind, share, what, took) {
  const fill = element("span", { className: "fill" });
  requestAnimationFrame(() => (fill.style.width = `${Math.max(2, Math.min(100, share * 100))}%`));
  return element("li", { className: kind },
    element("span", { className: "who", text: source }),
    element("span", { className: "track" }, fill),
    what,
    ...(took ? [element("span", { className: "took", text: took })] : []));
}

function quoteBar(quote, comparison) {
  const best = quote.source === comparison.best.source;
  const what = element("span", { className: "what" },
    quote.price.toFixed(2), " ", element("small", { text: quote.currency }));
  return bar(quote.source, best ? "best" : "in-time", quote.tookMillis / comparison.deadlineMillis, what, `${quote.tookMillis} ms`);
}

function missingBar(missing) {
  const row = bar(missing.source, missing.reason, 1, element("span", { className: "what", text: missing.reason }), "");
  if (missing.reason === "failed") row.append(element("span", { className: "why", text: missing.message }));
  return row;
}

function showComparison(comparison) {
  const rows = new Map();
  for (const quote of comparison.quotes) rows.set(quote.source, quoteBar(quote, comparison));
  for (const missing of comparison.missing) rows.set(missing.source, missingBar(missing));
  const names = [...new Set([...order, ...rows.keys()])].filter((name) => rows.has(name));
  $("bars").replaceChildren(...names.map((name) => rows.get(name)));

  const { best, quotes, missing } = comparison;
  const answered = `${quotes.length} of ${quotes.length + missing.length} sources answered, ${comparison.tookMillis} ms in all.`;
  $("verdict").replaceChildren(...(best
    ? [element("strong", { text: `${best.price.toFixed(2)} ${best.currency}` }), ` at ${best.source} is the best price for ${comparison.item}. ${answered}`]
    : [`No source named a price for ${comparison.item} in time. ${answered}`]));
}

onSubmit("ask", "ask-problem", async () => {
  const item = encodeURIComponent($("item").value.trim());
  showComparison(await json(`/quotes/${item}?deadline=${$("deadline").value}ms`));
});

// Reports

function reportRow(report) {
  const text = link(`/reports/${report.id}/text`, "text");
  const csv = link(`/reports/${report.id}/csv`, "CSV");
  return element("tr", {},
    element("td", { text: report.item }),
    element("td", { text: `${report.answered} of ${report.asked}` }),
    element("td", { className: "roomy", text: `${report.renderMillis} ms` }),
    element("td", { text: clock.format(new Date(report.createdAt)) }),
    element("td", {}, text, csv));
}

async function showReports() {
  const reports = await json("/reports?limit=10");
  if (reports.length) $("report-rows").replaceChildren(...reports.map(reportRow));
}

onSubmit("order", "order-problem", async () => {
  await post("/reports", { item: $("item").value.trim() });
  await showReports();
});

// Ticks

const lateness = [];

function drawSpark() {
  const highest = Math.max(1000, ...lateness);
  const points = lateness.map((late, i) => `${(i * 300) / 59},${62 - (late / highest) * 58}`).join(" ");
  const ns = "http://www.w3.org/2000/svg";
  const base = document.createElementNS(ns, "line");
  for (const [name, value] of Object.entries({ x1: 0, x2: 300, y1: 62, y2: 62 })) base.setAttribute(name, value);
  const line = document.createElementNS(ns, "polyline");
  line.setAttribute("points", points);
  $("spark").replaceChildren(base, line);
  $("spark-top").textContent = `, ${(Math.max(...lateness) / 1000).toFixed(1)} ms at most`;
}

function pill(id, text, kind) {
  $(id).textContent = text;
  $(id).className = `pill ${kind}`;
}

function listen() {
  const ticks = new EventSource("/ticks?every=1s");
  ticks.addEventListener("tick", (event) => {
    const tick = JSON.parse(event.data);
    $("tick-number").textContent = number.format(tick.number);
    $("tick-late").textContent = `${(tick.lateMicros / 1000).toFixed(1)} ms late`;
    $("ledger").textContent = `${number.format(tick.accepted)} accepted, ${number.format(tick.answered)} answered`;
    lateness.push(Math.max(0, tick.lateMicros));
    if (lateness.length > 60) lateness.shift();
    drawSpark();
    pill("tick-state", "live", "good");
    pill("link", "connected", "good");
  });
  ticks.addEventListener("error", () => {
    pill("tick-state", "stopped", "bad");
    pill("link", "not connected", "bad");
  });
}

// Runtime

let before = null;

function workerRow(worker, share) {
  const fill = element("span", { className: "fill" });
  fill.style.width = `${Math.round(share * 100)}%`;
  return element("li", {},
    element("span", { text: `worker ${worker.index}` }),
    element("span", { className: "track" }, fill),
    element("span", { className: "what", text: `${Math.round(share * 100)} % · ${number.format(worker.steals)} steals` }));
}

/** Durations come as seconds or in ISO form. */
function seconds(duration) {
  if (typeof duration === "number") return duration;
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return (+parts[1] || 0) * 3600 + (+parts[2] || 0) * 60 + (+parts[3] || 0);
}

function showWorkers(workers, elapsed) {
  if (!workers.length) {
    $("workers").replaceChildren(element("li", { text: "shared mode: the JDK's own scheduler" }));
    return;
  }
  $("workers").replaceChildren(...workers.map((worker, i) => {
    const earlier = before?.workers[i];
    const busy = earlier ? (seconds(worker.busy) - seconds(earlier.busy)) / elapsed : 0;
    return workerRow(worker, Math.max(0, Math.min(1, busy)));
  }));
}

function showPool(pool) {
  $("pool-fill").style.width = `${(pool.threads / pool.maxThreads) * 100}%`;
  $("pool-text").textContent =
    `${pool.threads} of ${number.format(pool.maxThreads)} threads, ${pool.idleThreads} idle, ${pool.queued} queued`;
  if (document.activeElement !== $("max-threads") && !$("max-threads").dataset.touched) $("max-threads").value = pool.maxThreads;
}

async function showRuntime() {
  const { runtimes } = await json("/actuator/weft").catch((trouble) => {
    pill("mode", "unknown", "");
    throw trouble;
  });
  const { mode, modeReason, phase, metrics } = runtimes.main;
  const now = performance.now() / 1000;
  const elapsed = before ? now - before.at : 1;
  pill("mode", phase === "running" ? mode : `${mode}, ${phase}`, mode === "dedicated" && phase === "running" ? "good" : "");
  $("mode").title = modeReason;
  $("live").textContent = number.format(metrics.live);
  $("rate").textContent = before ? number.format(Math.round((metrics.spawned - before.spawned) / elapsed)) : "–";
  $("failed").textContent = number.format(metrics.failed);
  $("aborted").textContent = number.format(metrics.aborted);
  $("timers").textContent = number.format(metrics.timers.live);
  $("stalls").textContent = number.format(metrics.stalls);
  showWorkers(metrics.workers, elapsed);
  showPool(metrics.blocking.main);
  before = { at: now, spawned: metrics.spawned, workers: metrics.workers };
}

$("max-threads").addEventListener("input", () => ($("max-threads").dataset.touched = "yes"));

onSubmit("resize", "resize-problem", async () => {
  const maxThreads = $("max-threads").valueAsNumber;
  await post("/actuator/weftblocking/main", { maxThreads });
  delete $("max-threads").dataset.touched;
  $("resize-result").textContent = `now ${maxThreads}`;
  await showRuntime();
});

/** Asks again and again while somebody looks, and not faster than the answers come. */
async function keepShowing(show, problem, everyMillis) {
  for (;;) {
    if (!document.hidden) {
      await show().then(() => ($(problem).hidden = true), (trouble) => {
        $(problem).textContent = trouble.message;
        $(problem).hidden = false;
      });
    }
    await new Promise((resume) => setTimeout(resume, everyMillis));
  }
}

order = (await json("/sources").catch(() => [])).map((source) => source.name);
listen();
keepShowing(showRuntime, "runtime-problem", 1500);
keepShowing(showReports, "reports-problem", 5000);
$("ask").requestSubmit();
