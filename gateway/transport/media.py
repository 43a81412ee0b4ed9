"""What a request says its body is."""

from starlette.datastructures import Headers


def media_type(headers: Headers) -> str:
    """In lower case, without its parameters; "" where nothing is said, or two things."""
    said = headers.getlist("content-type")
    return said[0].partition(";")[0].strip().lower() if len(said) == 1 else ""


def charset(headers: Headers) -> str:
    """In lower case; "" where nothing is said."""
    _, *params = headers.get("content-type", "").split(";")
    for param in params:
        name, _, value = param.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(' "').lower()
    return ""
