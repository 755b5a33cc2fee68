import pytest

from tests.factories import a_filing, actor, an_initiative, settle_in
from tests.workflows.audit_log.logged import seal, write
from workflows import audit
from workflows.away import set_away
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update


@pytest.fixture
def log(services: Services) -> Services:
    """Seven sealed entries at positions 1 to 7, e2 to e7 of a lead."""
    write(services, *(f"e{number}" for number in range(2, 8)))
    seal(services)
    return services


@pytest.fixture
def naming_lead(services: Services) -> Services:
    """Entries that name somebody in every way, and others that name somebody else."""
    settle_in(services, an_initiative())
    sweep(services)
    set_away(services, actor(), "Friday")
    file_update(services, actor(), a_filing())
    write(services, "fact", to=audit.naming("U_LEAD"), days=3)
    write(services, "other", to=audit.naming("U_LEADER"))
    return services
