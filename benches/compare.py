"""The measuring part of compare.sh: starts both servers, asks them in turns, prints the table."""

import gzip
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

BINARY = os.path.abspath(os.environ["BROADSHEET"])
ARTICLES = int(os.environ.get("ARTICLES", "2000"))
SECONDS = int(os.environ.get("SECONDS_EACH", "6"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = os.environ.get("CONNECTIONS", "64")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TICK = os.sysconf("SC_CLK_TCK")

work = tempfile.mkdtemp(prefix="broadsheet-compare-")
os.chmod(work, 0o755)
running = []


def say(text):
    print(text, file=sys.stderr, flush=True)


def stop():
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        process.wait()
    shutil.rmtree(work, ignore_errors=True)


def site(name, **settings):
    """A site on a port of its own; all of them over one private Postgres."""
    environment = {
        "PATH": os.environ["PATH"],
        "BROADSHEET_DATA": f"{work}/data",
        "BROADSHEET_LISTEN": "127.0.0.1:0",
        "BROADSHEET_DEMO": "off",
        "RUST_LOG": "error",
        **settings,
    }
    log = open(f"{work}/{name}.log", "w+")
    process = subprocess.Popen([BINARY], env=environment, stdout=log, stderr=log, cwd=work)
    running.append(process)
    for _ in range(600):
        found = re.search(r"listens on (http://\S+)", open(log.name).read())
        if found:
            return process, found[1]
        time.sleep(0.1)
    raise SystemExit(f"{name} did not start:\n" + open(log.name).read())


def fetch(address, encoding=None):
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding} if encoding else {})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def nginx(paths, origin):
    """nginx as the fastest server of files it can be: the same bytes, packed beforehand."""
    root = f"{work}/files"
    for path in paths:
        target = root + (path if path != "/" else "/index")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        body = fetch(origin + path)
        open(target, "wb").write(body)
        open(target + ".gz", "wb").write(gzip.compress(body, 7))
    port = 18081
    configuration = f"""
worker_processes auto;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    open_file_cache max=10000 inactive=60s;
    open_file_cache_valid 60s;
    default_type text/html;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        root {root};
        gzip_static on;
        location = / {{ try_files /index =404; }}
    }}
}}
"""
    open(f"{work}/nginx.conf", "w").write(configuration)
    os.system(f"chmod -R a+rX {work}")
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", f"{work}/nginx.conf", "-g", "daemon off;"])
    running.append(process)
    time.sleep(1)
    return process, f"http://127.0.0.1:{port}"


def family(pid):
    """A process and all that it started."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = open(f"/proc/{entry}/stat").read().rsplit(") ", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def postgres():
    postmaster = open([f"{root}/postmaster.pid" for root, _, names in os.walk(f"{work}/data") if "postmaster.pid" in names][0])
    return family(int(postmaster.readline()))


def cpu(pids):
    total = 0
    for pid in pids:
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def pss(pid):
    return int(re.search(r"^Pss:\s+(\d+)", open(f"/proc/{pid}/smaps_rollup").read(), re.M)[1]) / 1024


def load(origin, paths, encoding, pids, networks=False):
    """One run of wrk: requests a second, p50 and p99 in ms, microseconds of the server a request."""
    script = f"{work}/load.lua"
    listed = ",".join(f"[=[{path}]=]" for path in paths)
    packed = f'["Accept-Encoding"] = "{encoding}", ' if encoding else ""
    spread = (
        'headers["X-Forwarded-For"] = "10." .. math.random(0, 255) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255)'
        if networks
        else ""
    )
    open(script, "w").write(f"""
local paths = {{ {listed} }}
local headers = {{ {packed}["User-Agent"] = "{AGENT}" }}
local requests, next = {{}}, 0
init = function()
  math.randomseed(os.time())
  for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path, headers) end
end
request = function()
  next = next % #paths + 1
  {spread}
  {'return wrk.format("GET", paths[next], headers)' if networks else 'return requests[next]'}
end
done = function(summary, latency)
  io.write(string.format("RESULT %d %d %f %f %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), summary.errors.status, summary.errors.read + summary.errors.timeout + summary.errors.connect))
end
""")
    before = cpu(pids())
    output = subprocess.run(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script, origin], capture_output=True, text=True
    ).stdout
    spent = cpu(pids()) - before
    requests, micros, p50, p99, refused, broken = map(float, re.search(r"RESULT (.*)", output)[1].split())
    if refused or broken:
        say(f"  {int(refused)} refused, {int(broken)} broken of {int(requests)}")
    return requests / micros * 1e6, p50 / 1000, p99 / 1000, spent / max(requests, 1) * 1e6


def main():
    say(f"filling: {ARTICLES} articles")
    environment = {"PATH": os.environ["PATH"], "BROADSHEET_DATA": f"{work}/data", "RUST_LOG": "error"}
    subprocess.run([BINARY, "demo", "--articles", str(ARTICLES)], env=environment, check=True, cwd=work, stdout=sys.stderr)
    began = time.time()
    hot_process, hot = site("hot", BROADSHEET_PAGE_CACHE="256MB")
    first = time.time() - began
    cold_process, cold = site("cold", BROADSHEET_PAGE_CACHE="0", BROADSHEET_TRUSTED_PROXIES="127.0.0.1")
    time.sleep(1)

    def locations(path):
        return [re.sub(r"^https?://[^/]+", "", found) for found in re.findall(r"<loc>([^<]+)</loc>", fetch(hot + path).decode())]

    articles = []
    for month in reversed(locations("/sitemap.xml")):
        if re.search(r"/sitemap/\d", month):
            articles += [path for path in locations(month) if path.startswith("/article/")]
        if len(articles) >= 1000:
            break
    many = articles[:1000]
    front = fetch(hot + "/").decode()
    section = re.search(r'href="(/section/[^"/]+)"', front)[1]
    tag = re.search(r'href="(/tag/[^"/]+)"', fetch(hot + many[0]).decode())[1]
    pages = {
        "article, one address": [many[0]],
        "article, 1,000 addresses": many,
        "front": ["/"],
        "section": [section],
        "tag": [tag],
        "feed": ["/feed.xml"],
    }
    search = ["/search?q=" + word for word in ("water", "city", "council", "report")]
    files_process, files = nginx(sorted({path for paths in pages.values() for path in paths}), hot)

    app = lambda process: (lambda: [process.pid])
    both = lambda process: (lambda: [process.pid] + postgres())
    runs = []
    for name, paths in pages.items():
        for encoding in (None, "gzip"):
            label = f"{name}, {encoding or 'plain'}"
            runs.append((label, "nginx", files, paths, encoding, lambda: family(files_process.pid), False))
            runs.append((label, "kept", hot, paths, encoding, app(hot_process), False))
        runs.append((f"{name}, plain", "drawn", cold, paths, None, both(cold_process), False))
    runs.append(("search, plain", "kept", hot, search, None, app(hot_process), False))
    runs.append(("search, plain", "drawn", cold, search, None, both(cold_process), True))

    # What is asked for often is warm before it is measured, on both sides.
    for _, _, origin, paths, encoding, _, _ in runs:
        for path in paths[:1000]:
            fetch(origin + path, encoding)
    time.sleep(2)

    figures = {}
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        for label, kind, origin, paths, encoding, pids, networks in runs:
            figures.setdefault((label, kind), []).append(load(origin, paths, encoding, pids, networks))

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, commit {commit}, {ARTICLES:,} articles, "
          f"{CONNECTIONS} connections, medians of {ROUNDS} rounds of {SECONDS} s.\n")
    print("| page | nginx, a file: req/s, p50, p99 ms, µs | kept: req/s, p50, p99 ms, µs | kept : nginx (req/s; p99; µs) "
          "| drawn: req/s, p50, p99 ms, µs with Postgres | drawn : nginx (req/s) |")
    print("|---|---|---|---|---|---|")

    def median(label, kind):
        rows = figures.get((label, kind))
        return [statistics.median(column) for column in zip(*rows)] if rows else None

    def cell(row):
        return f"{row[0]:,.0f}, {row[1]:.2f}, {row[2]:.2f}, {row[3]:.1f}" if row else "–"

    labels = list(dict.fromkeys(label for label, _ in figures))
    for label in labels:
        file, kept, drawn = (median(label, kind) for kind in ("nginx", "kept", "drawn"))
        ratio = "–"
        if file and kept:
            by_round = zip(figures[(label, "kept")], figures[(label, "nginx")])
            ratio = (f"{statistics.median(a[0] / b[0] for a, b in by_round):.2f}; {kept[2] / file[2]:.2f}; "
                     f"{kept[3] / file[3]:.2f}")
        share = f"{drawn[0] / file[0]:.3f}" if drawn and file else "–"
        print(f"| {label} | {cell(file)} | {cell(kept)} | {ratio} | {cell(drawn)} | {share} |")
    print(f"\nFirst answer {first:.2f} s after the start, with the private Postgres. Memory (PSS): "
          f"{pss(hot_process.pid):.0f} MB with what is kept, {pss(cold_process.pid):.0f} MB without.")


try:
    main()
finally:
    stop()
