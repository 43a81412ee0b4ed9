"""C13: no loader, flight, cache or other store lives in a module, where all viewers would meet."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, dotted, product
from tests.figures import Recorder

STORES = {
    "AnswerCache",
    "Answers",
    "Cache",
    "DataLoader",
    "Flights",
    "Following",
    "Heard",
    "Hub",
    "LRUCache",
    "Making",
    "Near",
    "Once",
    "Reader",
    "Store",
    "TTLCache",
    "Trail",
    "WeakKeyDictionary",
    "WeakSet",
    "WeakValueDictionary",
}
"""Whatever these hold, somebody put there while they were answered."""
CONTAINERS = {"Counter", "OrderedDict", "defaultdict", "deque", "dict", "list", "set", "bytearray"}
CHANGES = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "move_to_end", "pop",
    "popitem", "popleft", "remove", "setdefault", "update",
}  # fmt: skip
ANSWERS_NOBODY = {"services/assessment/replay/crew.py"}
"""A process of its own, whose work is given to it when it is made."""
CACHES = {"cache", "lru_cache", "alru_cache", "cached"}
PEOPLE = {
    "caller",
    "context",
    "ctx",
    "info",
    "owner",
    "request",
    "token",
    "user",
    "viewer",
}


def kept_in_module(source: Source) -> Iterator[str]:
    """Stores, containers that are changed later, and functions that remember whom they answered."""
    names = dict(_bound(source.tree.body))
    for name, value in names.items():
        if isinstance(value, ast.Call) and _called(value) in STORES:
            yield f"{source.path}:{value.lineno} {name} = {_called(value)}()"
    containers = {name for name, value in names.items() if _is_container(value)}
    for name in sorted(containers & set(_changed(source.tree))):
        yield f"{source.path}:{names[name].lineno} {name} is changed"
    yield from _remembering(source)


def _bound(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Of a module and of its classes: theirs belong to all instances."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not _is_record(node):
            for name, value in _bound(node.body):
                yield f"{node.name}.{name}", value
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _bound(node.body)
        elif isinstance(node, ast.Assign):
            yield from ((dotted(target), node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield dotted(node.target), node.value


def _is_record(node: ast.ClassDef) -> bool:
    """Their fields' defaults are made for each instance."""
    names = [dotted(one).removesuffix("()") for one in [*node.decorator_list, *node.bases]]
    return any(name.split(".")[-1] in {"dataclass", "Struct"} for name in names)


def _called(value: ast.expr) -> str:
    """`Shelf` of `Shelf[int](...)`, too."""
    func = value.func if isinstance(value, ast.Call) else value
    func = func.value if isinstance(func, ast.Subscript) else func
    return dotted(func).split(".")[-1]


def _is_container(value: ast.expr) -> bool:
    displays = ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp
    return isinstance(value, displays) or (
        isinstance(value, ast.Call) and _called(value) in CONTAINERS
    )


def _changed(tree: ast.Module) -> Iterator[str]:
    """By functions: while the module itself is read nobody is answered."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in (node for function in functions for node in ast.walk(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGES:
                yield from _names(node.func.value)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from _names(node.value)
        elif isinstance(node, ast.AugAssign):
            yield from _names(node.target)
        elif isinstance(node, ast.Global):
            yield from node.names


def _names(of: ast.expr) -> Iterator[str]:
    """`self.x` and `cls.x` may be the class's own."""
    yield dotted(of)


def _remembering(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            by = {dotted(one).removesuffix("()").split(".")[-1] for one in node.decorator_list}
            args = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if by & CACHES and PEOPLE & {arg.arg for arg in args}:
                yield f"{source.path}:{node.lineno} {node.name} remembers whom it answered"


def test_c13_no_module_keeps_a_store(figure: Recorder) -> None:
    judged = [source for source in product() if source.path not in ANSWERS_NOBODY]
    faults = [fault for source in judged for fault in kept_in_module(source)]

    figure("C13", modules_judged=len(judged), modules_that_keep_a_store=len(faults))
    assert faults == []


PLANTED = [
    "LOADER = DataLoader(load)",
    "loaders: DataLoader[str, str] = aiodataloader.DataLoader(load)",
    "NEAR = Near()",
    "FLIGHTS = flights.Flights()",
    "class Door:\n    cache = Cache(store, making, flights, counts)",
    "KEPT = {}\ndef keep(key, value):\n    KEPT[key] = value",
    "KEPT: dict[str, str] = dict()\nasync def keep(key, value):\n    KEPT.setdefault(key, value)",
    "SEEN = set()\ndef see(one):\n    SEEN.add(one)",
    "ASKED = []\ndef ask(one):\n    global ASKED\n    ASKED = [*ASKED, one]",
    "BY_KEY = OrderedDict()\ndef drop():\n    BY_KEY.popitem()",
    "TASKS = WeakValueDictionary()",
    "COUNTS = defaultdict(int)\ndef count(who):\n    COUNTS[who] += 1",
    "@lru_cache\ndef name_of(viewer):\n    return viewer.name",
    "@functools.lru_cache(maxsize=9)\ndef may_see(caller, course):\n    return True",
    "if True:\n    NEAR = Near()",
]
HARMLESS = [
    "NAMES = {'a': 1}",
    "def make():\n    near = Near()\n    kept = {}\n    kept['a'] = 1\n    return near, kept",
    "COURSE = Shelf[Course]('course', Course, Terms(60))",
    "@cache\ndef contract():\n    return Schema()",
    "@dataclass\nclass Door:\n    kept: dict[str, str] = field(default_factory=dict)",
    "TABLE = {}\nTABLE['a'] = 1",
]


def test_c13_fails_without_the_rule(figure: Recorder) -> None:
    """Each way to keep a store in a module is found, and no other."""
    found = [text for text in PLANTED if list(kept_in_module(Source("a.py", text)))]
    alarms = [text for text in HARMLESS if list(kept_in_module(Source("a.py", text)))]

    figure("C13", planted=len(PLANTED), planted_and_found=len(found), false_alarms=len(alarms))
    assert found == PLANTED
    assert alarms == []
