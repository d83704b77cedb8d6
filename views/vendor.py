"""Copies the front-end files that we serve out of node_modules into views/static/vendor/.

Run as `python -m views.vendor` after `npm ci`. It uses nothing outside the standard library, so that it runs
before the rest of the application can. Text files are also written compressed, for `views.assets` to send.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
STATIC = ROOT / "views" / "static"
VENDOR = STATIC / "vendor"

# Where a file comes from in node_modules, and the name under which we serve it.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/icons/LICENSE": "LICENSE-tabler-icons.txt",
    "echarts/dist/echarts.simple.min.js": "echarts.min.js",  # Lines, bars and pies: half of what all kinds weigh.
    "echarts/LICENSE": "LICENSE-echarts.txt",
    "@event-calendar/build/dist/event-calendar.min.css": "event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js": "event-calendar.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "LICENSE-htmx.txt",
    "tom-select/dist/js/tom-select.popular.min.js": "tom-select.min.js",
    "tom-select/dist/css/tom-select.min.css": "tom-select.min.css",
    "tom-select/LICENSE": "LICENSE-tom-select.txt",
    "@fontsource-variable/golos-text/files/golos-text-cyrillic-wght-normal.woff2": "golos-text-cyrillic.woff2",
    "@fontsource-variable/golos-text/files/golos-text-latin-wght-normal.woff2": "golos-text-latin.woff2",
    "@fontsource-variable/golos-text/LICENSE": "LICENSE-golos-text.txt",
}

# The outline icons of the sprite; `icon(name)` in a template or in Python draws one of them.
ICONS = """
activity adjustments alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left arrow-up arrows-exchange
arrows-sort ban bell book briefcase building building-community bulb calendar calendar-event category certificate
check checkbox chevron-down chevron-left chevron-right chevron-up chevrons-left chevrons-right circle circle-check
circle-dot circle-x clipboard-list clock clock-exclamation columns dashboard database dots dots-vertical download
exchange external-link eye eye-off file-spreadsheet file-text files filter flag folder hand-stop heart heart-handshake
heartbeat help history home home-check home-question id info-circle key link list lock logout mail map map-pin menu-2
notebook pencil phone plus point printer progress refresh report report-analytics route school search select settings
shield-check shield-lock star sun table trash upload urgent user user-check user-plus users x
"""

COMPRESSED = {".css", ".js", ".svg"}
SVG = "http://www.w3.org/2000/svg"


def copy_files() -> None:
    """Put every file of FILES in its place, without references to source maps that we do not serve."""
    for source, name in FILES.items():
        target = VENDOR / name
        if target.suffix in {".css", ".js"}:
            text = (NODE_MODULES / source).read_text(encoding="utf-8")
            text = re.sub(r"(/\*|//)# sourceMappingURL=\S+?( ?\*/)?$", "", text.rstrip())
            target.write_text(text + "\n", encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(NODE_MODULES / source, target)


def build_sprite() -> None:
    """Make one SVG file with a symbol for each icon, so that a page fetches its icons once."""
    ElementTree.register_namespace("", SVG)
    sprite = ElementTree.Element(f"{{{SVG}}}svg")
    for name in ICONS.split():
        drawing = ElementTree.parse(NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").getroot()
        symbol = ElementTree.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        symbol.extend(shape for shape in drawing if shape.get("stroke") != "none")
    for element in sprite.iter():
        element.text = element.tail = None
    ElementTree.ElementTree(sprite).write(VENDOR / "icons.svg", encoding="utf-8", xml_declaration=False)


def compress() -> None:
    """Write a gzip copy beside each text file: the work is done once, not at every request."""
    for path in sorted(VENDOR.iterdir()):
        if path.suffix in COMPRESSED:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def main() -> int:
    """Rebuild views/static/vendor/ from node_modules."""
    missing = [source for source in FILES if not (NODE_MODULES / source).is_file()]
    if missing:
        sys.stderr.write("Нет файлов в node_modules, сначала выполните npm ci: " + ", ".join(missing) + "\n")
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_files()
    build_sprite()
    compress()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
