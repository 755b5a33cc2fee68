"""The company of the workflows' tests, with the app in front of it."""

from tests.workflows.escalations.conftest import company, opened, planned

__all__ = ["company", "opened", "planned"]
