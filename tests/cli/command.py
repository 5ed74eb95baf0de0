"""The real ``clausewatch`` command, run in this process: its exit code and what it wrote."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from watcher.cli import main

SETTINGS = {
    "CLAUSEWATCH_FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]',
    "CLAUSEWATCH_FETCH__HOST_INTERVAL_S": "0",
    "CLAUSEWATCH_FETCH__TIMEOUT_S": "20",
    "CLAUSEWATCH_LOG__LEVEL": "warning",
}


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def says_one_line(self) -> str:
        """The only line on standard error, which is no traceback."""
        assert "Traceback" not in self.err, self.err
        lines = [line for line in self.err.splitlines() if not line.startswith("Try `")]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("clausewatch: ")
        return lines[0]


@dataclass
class Command:
    """Runs in ``folder``, with the database ``clausewatch.db`` there."""

    folder: Path
    environ: dict[str, str]

    def __call__(self, *args: object, environ: Mapping[str, str] | None = None) -> Done:
        out, err = io.StringIO(), io.StringIO()
        before = Path.cwd()
        level, handlers = logging.root.level, list(logging.root.handlers)
        code: object = 0
        os.chdir(self.folder)
        try:
            with (
                patch.dict(os.environ, {**self.environ, **(environ or {})}),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                try:
                    main([str(a) for a in args])
                except SystemExit as end:
                    code = end.code
        finally:
            os.chdir(before)
            logging.root.handlers[:] = handlers
            logging.root.setLevel(level)
        assert isinstance(code, int), code
        return Done(code, out.getvalue(), err.getvalue())


def beside(name: str) -> str:
    """The path of a command installed beside this Python."""
    return str(Path(sys.executable).parent / name)
