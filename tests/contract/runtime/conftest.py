import pytest

from tests.contract.runtime.workshop import Workshop, make


@pytest.fixture
def workshop() -> Workshop:
    """A service over workshop.yaml; a test replaces the handlers it cares about."""
    return make()
