"""A process of its own for what strangers made: opens PDF and images, tells their pages, draws one as PNG.

Run as a script with few rights and bounded memory and time (services.files.rendering): what crashes or never ends here
takes nothing else with it. Exit codes: 0 done, 3 damaged, 4 locked by a password, 5 too large.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

PIXELS = 60_000_000  # of an image that is opened
PAGES = 3_000
WIDEST, HIGHEST = 1200, 1700  # pixels of what is drawn
MEMORY, SECONDS = 2 * 1024**3, 20
DAMAGED, LOCKED, TOO_LARGE = 3, 4, 5
FORMATS = ("JPEG", "PNG", "TIFF")


class Unfit(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def limit() -> None:
    """No more memory and time than an honest file needs; no file is written."""
    try:
        import resource
    except ImportError:  # Windows.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# -- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes) -> Any:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        found = pypdfium2.PdfDocument(data)
        if not 0 < len(found) <= PAGES:
            raise Unfit(DAMAGED if not len(found) else TOO_LARGE)
    except pypdfium2.PdfiumError as error:
        raise Unfit(LOCKED if "password" in str(error).lower() else DAMAGED) from None
    return found


def pdf_pages(data: bytes) -> int:
    found = _pdf(data)
    found[0].get_size()  # The first page can be read.
    return len(found)


def pdf_page(data: bytes, number: int) -> Any:
    page = _pdf(data)[number - 1]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise Unfit(DAMAGED)
    return page.render(scale=min(WIDEST / width, HIGHEST / height)).to_pil()


# -- Images ----------------------------------------------------------------------------------------------------------


def _image(data: bytes, number: int) -> Any:
    from PIL import Image, ImageFile, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if number > 1:
            image.seek(number - 1)
        image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Unfit(TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError):
        raise Unfit(DAMAGED) from None
    return image


def image_pages(data: bytes) -> int:
    image = _image(data, 1)
    frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if frames > PAGES:
        raise Unfit(TOO_LARGE)
    return frames


def image_page(data: bytes, number: int) -> Any:
    from PIL import ImageOps

    image = _image(data, number)
    image.draft("RGB", (WIDEST, HIGHEST))
    if image.mode.startswith(("I", "F")):
        image = image.convert("L")
    turned = ImageOps.exif_transpose(image).convert("RGBA")
    turned.thumbnail((WIDEST, HIGHEST))
    return _on_white(turned)


def _on_white(image: Any) -> Any:
    from PIL import Image

    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


# -- The script ------------------------------------------------------------------------------------------------------


def png(image: Any) -> bytes:
    """The picture and nothing else of the file: no text, no profile, no metadata."""
    target = io.BytesIO()
    image.convert("RGB").save(target, "PNG", compress_level=6)
    return target.getvalue()


COUNTS: dict[str, Callable[[bytes], int]] = {"pdf": pdf_pages, "image": image_pages}
DRAWS: dict[str, Callable[[bytes, int], Any]] = {"pdf": pdf_page, "image": image_page}


def main(job: str, kind: str, number: str = "1") -> int:
    limit()
    data = sys.stdin.buffer.read()
    try:
        if job == "count":
            answer = json.dumps({"pages": COUNTS[kind](data)}).encode()
        else:
            answer = png(DRAWS[kind](data, int(number)))
    except Unfit as error:
        return error.code
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
