"""Texts that mean something to SQL, keys, paths, templates, logs or markup; each is marked."""

MARK = "zq7x"
FORGED = "forged"
"""The event of a log line that nobody wrote."""

PAYLOADS = {
    "sql": f"{MARK}'; DROP TABLE courses; --",
    "sql or": f"{MARK}' OR '1'='1",
    "like": f"{MARK}%_\\",
    "header": f"{MARK}\r\nX-Injected: {MARK}\r\n\r\n",
    "log line": f'{MARK}\n{{"at": "now", "level": "info", "event": "{FORGED}"}}\n',
    "lookup": f"${{jndi:ldap://127.0.0.1:9/{MARK}}}",
    "template": f"{{{{7*7}}}}{MARK}<%= 7*7 %>",
    "format": f"%s%n%(x)s{{0.__class__}}{{MARK}}{MARK}",
    "path": f"../../{MARK}/../courses/1?x=1#y",
    "percent": f"%2e%2e%2f%00%0d%0a{MARK}",
    "nul": f"{MARK}\x00after",
    "right to left": f"\u202e{MARK}\u2066\u200f\u2069",
    "glob": f"*{MARK}?[a-z]*",
    "hash tag": f"{{{MARK}}}:other:{{tag}}",
    "resp": f"{MARK}\r\n*1\r\n$8\r\nFLUSHALL\r\n",
    "entity": f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>&b;{MARK}',
    "markup": f'<script>alert("{MARK}")</script>',
    "shell": f"`id`;$(id)|{MARK}&",
    "decomposed": f"e\u0301{MARK}\u0430\uff0e\uff0e\uff0f\ufb01",
    "long": MARK + "A" * 30_000,
}
