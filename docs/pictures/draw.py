#!/usr/bin/env python3
"""Draws messages of the bot as Discord shows them: `draw.py MESSAGES.json fight.png`.

MESSAGES.json is a list of `{"author", "content", "components", "private"}` as the tests write it with
SKIRMISH_PICTURES (see README.md beside this file). Needs Chromium. Nothing is fetched.
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

WIDTH_PX = 760
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #313338; color: #dbdee1; font: 16px/1.375 "gg sans", "Noto Sans", "DejaVu Sans", sans-serif;
       padding: 20px 24px 24px; width: %dpx }
.message { display: grid; grid-template-columns: 40px 1fr; gap: 0 16px; margin-bottom: 18px }
.face { width: 40px; height: 40px; border-radius: 50%%; background: #5865f2; color: #fff; font-weight: 700;
        display: grid; place-items: center }
.person .face { background: #3ba55d }
.name { color: #f2f3f5; font-weight: 600; margin-bottom: 2px }
.app { background: #5865f2; color: #fff; border-radius: 4px; font-size: 10.5px; font-weight: 600;
       padding: 1px 5px; vertical-align: 2px; margin-left: 4px }
.container { background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid var(--accent, #4e5058);
             border-radius: 8px; padding: 14px 16px; max-width: 600px; display: grid; gap: 10px }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.text h1 { font-size: 22px } .text h2 { font-size: 19px } .text h3 { font-size: 16.5px }
.text h1, .text h2, .text h3 { color: #f2f3f5; margin: 2px 0; display: block }
small { font-size: 13px; color: #b5bac1 }
code { background: #1e1f22; border-radius: 4px; padding: 0 4px; font: 14px/1.3 "DejaVu Sans Mono", monospace }
pre { background: #1e1f22; border: 1px solid #1a1b1e; border-radius: 4px; padding: 8px;
      font: 14px/1.2 "DejaVu Sans Mono", monospace; white-space: pre }
.mention { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 3px }
hr { border: 0; border-top: 1px solid #3f4147 }
.row { display: flex; flex-wrap: wrap; gap: 8px; max-width: 600px; margin-top: 2px }
.button { background: #4e5058; color: #fff; border-radius: 8px; padding: 6px 14px; font-size: 14px; font-weight: 500 }
.s1 { background: #5865f2 } .s3 { background: #248046 } .s4 { background: #da373c } .off { opacity: .5 }
.select { background: #1e1f22; border-radius: 8px; padding: 9px 12px; width: 400px; color: #949ba4;
          display: flex; justify-content: space-between }
.only { color: #949ba4; font-size: 12.5px; margin-top: 6px }
""" % WIDTH_PX


def inline(text: str, names: dict[str, str]) -> str:
    text = html.escape(re.sub(r"\\([\\*_~`|>#\[\]()-])", r"\1", text), quote=False)
    text = re.sub(r"&lt;@!?(\d+)&gt;", lambda m: f'<span class="mention">@{names.get(m[1], m[1])}</span>', text)
    text = re.sub(r"&lt;t:\d+:R&gt;", "in a minute", text)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<![\w*])\*([^*]+)\*(?!\w)|(?<!\w)_([^_]+)_(?!\w)", lambda m: f"<i>{m[1] or m[2]}</i>", text)
    return re.sub(r"~~(.+?)~~", r"<s>\1</s>", text)


def markdown(text: str, names: dict[str, str]) -> str:
    parts = re.split(r"```(?:\w*\n)?(.*?)```", text, flags=re.S)
    out = []
    for index, part in enumerate(parts):
        if index % 2:
            out.append(f"<pre>{html.escape(part.strip(chr(10)))}</pre>")
            continue
        for line in part.strip("\n").split("\n") if part.strip("\n") else []:
            heading = re.match(r"(#{1,3}) (.*)", line)
            if heading:
                level = len(heading[1])
                out.append(f"<h{level}>{inline(heading[2], names)}</h{level}>")
            elif line.startswith("-# "):
                out.append(f"<small>{inline(line[3:], names)}</small>\n")
            else:
                out.append(inline(line, names) + "\n")
    return f'<div class="text">{"".join(out).rstrip()}</div>'


def component(one: dict, names: dict[str, str]) -> str:
    inner = "".join(component(child, names) for child in one.get("components", []))
    emoji = (one.get("emoji") or {}).get("name") or ""
    match one["type"]:
        case 17:
            accent = one.get("accent_color")
            style = f' style="--accent: #{accent:06x}"' if accent is not None else ""
            return f'<div class="container"{style}>{inner}</div>'
        case 10:
            return markdown(one["content"], names)
        case 14:
            return "<hr>"
        case 1:
            return f'<div class="row">{inner}</div>'
        case 2:
            off = " off" if one.get("disabled") else ""
            label = html.escape(f"{emoji} {one.get('label', '')}".strip())
            return f'<span class="button s{one.get("style")}{off}">{label}</span>'
        case 3 | 5 | 8:
            return f'<span class="select">{html.escape(one.get("placeholder", ""))}<span>⌄</span></span>'
        case _:
            raise SystemExit(f"draw: no picture for a component of type {one['type']}")


def message(one: dict, names: dict[str, str]) -> str:
    bot = one["author"] == "Skirmish"
    tag = '<span class="app">APP</span>' if bot else ""
    body = markdown(one["content"], names) if one.get("content") else ""
    body += "".join(component(child, names) for child in one.get("components", []))
    only = '<div class="only">👁 Only you can see this</div>' if one.get("private") else ""
    return (
        f'<div class="message {"" if bot else "person"}"><div class="face">{html.escape(one["author"][0])}</div>'
        f'<div><div class="name">{html.escape(one["author"])}{tag}</div>{body}{only}</div></div>'
    )


def main() -> None:
    source, target = map(pathlib.Path, sys.argv[1:3])
    shown = json.loads(source.read_text())
    names = shown.get("names", {})
    page = "".join(message(one, names) for one in shown["messages"])
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch, "page.html")
        file.write_text(f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>{page}')
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                 "--disable-background-networking", "--force-device-scale-factor=1.5",
                 f"--user-data-dir={scratch}/profile"]
        # The height is known once the page is laid out: asked for first, drawn second.
        probe = file.read_text() + "<script>document.title=document.documentElement.offsetHeight</script>"
        pathlib.Path(scratch, "probe.html").write_text(probe)
        dump = subprocess.run(["chromium", *flags, "--dump-dom", f"file://{scratch}/probe.html"],
                              check=True, capture_output=True, text=True).stdout
        height = int(re.search(r"<title>(\d+)</title>", dump)[1])
        subprocess.run(["chromium", *flags, f"--window-size={WIDTH_PX},{height}",
                        f"--screenshot={target.resolve()}", f"file://{file}"], check=True, capture_output=True)


if __name__ == "__main__":
    main()
