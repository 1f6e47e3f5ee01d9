"""Runs playbooks: `run_file` and `run_story` give an Outcome and leave nothing behind."""

from playbooks.runner.outcome import Event, Outcome
from playbooks.runner.story import run_file, run_story

__all__ = ["Event", "Outcome", "run_file", "run_story"]
