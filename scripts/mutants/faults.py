"""The faults: where one can be put into a syntax tree, and what each is called."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

SWAPPED: Final[dict[type[ast.AST], tuple[type[Any], ...]]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.USub: (ast.UAdd,),
    ast.UAdd: (ast.USub,),
}
"""What stands in place of each sign: the limit itself, then the other side."""
NOT_RUN: Final = ("annotation", "returns", "decorator_list", "type_params")
"""Parts of a tree that decide nothing when the code runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One change of one field of one node; `said` names it for whoever reads the survivors."""

    node: Any
    field: str
    wrong: Any
    line: int
    said: str

    def compiled(self, tree: ast.Module, name: str) -> Any:
        """Return the code with the fault in it, and leave the tree as it was."""
        right = getattr(self.node, self.field)
        setattr(self.node, self.field, self.wrong)
        try:
            return compile(ast.fix_missing_locations(tree), name, "exec")
        finally:
            setattr(self.node, self.field, right)


def faults_of(tree: ast.Module) -> list[Fault]:
    """Return every fault that can be put into a file, in the order of its lines."""
    found = [fault for node in _run(tree) for fault in _faults(node)]
    return sorted(found, key=lambda fault: fault.line)


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: no annotation, no docstring, no import of types alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name not in NOT_RUN:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _run(child)


def _faults(node: ast.AST) -> Iterator[Fault]:
    match node:
        case ast.Compare(ops=ops):
            for place, sign in enumerate(ops):
                for other in SWAPPED[type(sign)]:
                    yield _fault(node, "ops", [*ops[:place], other(), *ops[place + 1 :]])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _fault(node, "operand", ast.UnaryOp(op=ast.Not(), operand=operand))
        case ast.BinOp(op=sign) | ast.BoolOp(op=sign) | ast.UnaryOp(op=sign):
            yield from (_fault(node, "op", other()) for other in SWAPPED.get(type(sign), ()))
        case ast.Constant(value=value):
            yield from (_fault(node, "value", wrong) for wrong in _near(value))
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield _fault(node, "value", ast.Constant(value=None))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield _fault(node, "test", ast.UnaryOp(op=ast.Not(), operand=test))
        case ast.comprehension(ifs=[_, *_]):
            yield _fault(node, "ifs", [])


def _near(value: object) -> tuple[object, ...]:
    """Return what a constant may be mistaken for."""
    match value:
        case bool():
            return (not value,)
        case int() | float():
            return (value + 1, value - 1)
        case str():
            return (f"{value}XX",)
        case _:
            return ()


def _fault(node: Any, field: str, wrong: Any) -> Fault:
    line = getattr(node, "lineno", None) or node.target.lineno
    right = getattr(node, field)
    shown = f"{field}: {_shown(right)} -> {_shown(wrong)}"
    return Fault(node=node, field=field, wrong=wrong, line=line, said=shown)


def _shown(part: Any) -> str:
    if isinstance(part, list):
        return ", ".join(_shown(one) for one in part) or "none"
    if isinstance(part, ast.expr):
        return ast.unparse(ast.fix_missing_locations(part))[:60]
    return type(part).__name__ if isinstance(part, ast.AST) else repr(part)[:60]
