"""What can be wrong with a file as a whole; what is wrong with one row stands in its messages."""

MAX_ROWS = 20_000
MAX_CELLS = 3_000_000


class UnusableWorkbook(Exception):
    """The file cannot be read at all; the text is one Russian sentence for the person who sent it."""


def not_a_workbook() -> UnusableWorkbook:
    return UnusableWorkbook("Файл не является таблицей: нужен XLSX, XLS, ODS или CSV.")


def damaged() -> UnusableWorkbook:
    return UnusableWorkbook("Файл повреждён и не читается, откройте его в табличном редакторе и сохраните заново.")


def protected() -> UnusableWorkbook:
    return UnusableWorkbook("Файл защищён паролем, снимите защиту и загрузите его снова.")


def has_macros() -> UnusableWorkbook:
    return UnusableWorkbook("В файле есть макросы, сохраните его как обычную книгу XLSX и загрузите снова.")


def too_many_rows() -> UnusableWorkbook:
    return UnusableWorkbook(
        f"В файле слишком много строк: принимается не больше {MAX_ROWS:,}, разделите его на части.".replace(",", " ", 1)
    )


def too_spread() -> UnusableWorkbook:
    return UnusableWorkbook("Данные на листе разбросаны слишком широко, удалите лишние строки и столбцы за таблицей.")


def unpacks_too_large() -> UnusableWorkbook:
    return UnusableWorkbook("Файл распаковывается в недопустимо большой объём и не принят.")
