"""A panel beside GraphiQL: after each answer it says what that was made of."""

PANEL = """
<style>
#why{position:fixed;right:0;bottom:0;max-width:60vw;max-height:45vh;overflow:auto;z-index:9;
margin:0;padding:.5rem .8rem;background:#12171d;color:#e8edf3;font:12px/1.45 ui-monospace,monospace}
#why[hidden]{display:none}#why summary{cursor:pointer}#why pre{margin:.4rem 0 0}
</style>
<script>
(() => {
  const ask = window.fetch.bind(window);
  const told = async (id, tries) => {
    const answer = await ask("/why/" + id);
    if (answer.ok) return (await answer.json()).lines.join("\\n");
    if (tries === 0) return "request " + id + ": nothing is remembered of it";
    await new Promise((done) => setTimeout(done, 300));
    return told(id, tries - 1);
  };
  const show = async (id) => {
    const text = await told(id, 4);
    let panel = document.getElementById("why");
    if (panel === null) {
      panel = document.createElement("details");
      panel.id = "why";
      panel.open = true;
      panel.innerHTML = "<summary>why</summary><pre></pre>";
      document.body.append(panel);
    }
    panel.querySelector("pre").textContent = text;
  };
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    const id = answer.headers.get("x-request-id");
    if (id && new URL(answer.url).pathname === "/graphql") show(id).catch(console.error);
    return answer;
  };
})();
</script>
"""


def beside(page: str) -> str:
    """Before all scripts: GraphiQL keeps the `fetch` that it finds."""
    return page.replace("<head>", f"<head>{PANEL}", 1)
