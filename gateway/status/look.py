"""How the status page looks and what its script does: all of it stands in the page itself."""

from base64 import b64encode
from hashlib import sha256

STYLE = """
:root{color-scheme:light dark;--ink:#1b2430;--soft:#4d5a68;--paper:#f6f7f9;--card:#fff;
--line:#d5dbe2;--good:#17693a;--bad:#a3240f;--warn:#7a4d00;--part:#2456a6;--track:#dde3ea}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#a9b5c2;--paper:#12171d;
--card:#1b222b;--line:#364250;--good:#6fd59a;--bad:#ff9c88;--warn:#f0be66;--part:#7fb0ff;--track:#33404e}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
header,main,footer{max-width:72rem;margin:0 auto;padding:1.25rem}
header{padding-top:2.5rem;padding-bottom:.5rem}
.name{margin:0;color:var(--soft);letter-spacing:.02em}
h1{margin:.2rem 0 .4rem;font-size:clamp(1.6rem,4vw,2.4rem);line-height:1.2;color:var(--good)}
.unwell h1{color:var(--bad)}
h2{margin:2rem 0 .6rem;font-size:1.2rem}
p{margin:.3rem 0}.soft,footer{color:var(--soft)}
.wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
table{width:100%;border-collapse:collapse;text-align:left;font-variant-numeric:tabular-nums}
caption{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
th,td{padding:.7rem 1rem;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;font-size:.85rem;color:var(--soft);font-weight:600}
tbody th{font-weight:600}small{display:block;font-weight:400;color:var(--soft)}
svg{display:block;width:100%;min-width:6rem;height:.5rem;margin-top:.4rem;border-radius:.25rem}
.track{fill:var(--track)}.part{fill:var(--part)}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.good,.warn,.bad{font-weight:600;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0}
dt{font-weight:600}dd{margin:0}#live{margin-top:1.5rem}
@media (max-width:44rem){
thead{position:absolute;clip-path:inset(50%)}tr{display:block;border-top:1px solid var(--line)}
th,td{display:block;border:0;padding:.35rem 1rem}
td[data-is]::before{content:attr(data-is) ": ";color:var(--soft)}
tr{padding:.5rem 0}dl{grid-template-columns:1fr}}
"""

SCRIPT = """
(() => {
  const at = (id) => document.getElementById(id);
  const say = (id, text) => { if (at(id).textContent !== text) at(id).textContent = text; };
  const told = new EventSource("status/events");
  told.onmessage = (event) => {
    const now = JSON.parse(event.data);
    document.title = now.headline + " \\u2013 Banyan";
    document.body.className = now.tone;
    say("headline", now.headline);
    say("because", now.because);
    at("board").innerHTML = now.board;
    say("live", "This page changes by itself.");
  };
  told.onerror = () => {
    say("live", "The connection was lost; it is tried again.");
    if (told.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
  };
})();
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src {_hash(STYLE)}",
        f"script-src {_hash(SCRIPT)}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
