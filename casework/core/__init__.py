"""The bureau's core system behind one small contract (`contract`); which one is used is decided in `choose.connect`.

`demo` is the embedded one. `http` asks the bureau's own: `calls` is one question with patience and `breaker`, `wire`
the strict reading of docs/core-api.yaml. `standin` is a process that speaks it, for tests and for trying out.
"""
