"""The history of the database leads to the tables the code speaks of, and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from service.errors import OUT_OF_DATE, Problem
from service.store.engine import Store
from service.store.migrate import downgrade, head, require_current, revision_of, upgrade
from service.store.tables import METADATA


def test_migrated_schema_is_the_one_the_tables_declare(store):
    """Comparing the migrated database with the models finds no difference."""
    with store.read() as session:
        migration = MigrationContext.configure(session, opts={"compare_type": True})
        assert compare_metadata(migration, METADATA) == []


def test_constraints_and_indexes_have_the_same_names_as_the_models(store):
    """Checks, which the comparison above does not see, exist under the names the models give them."""
    with store.read() as session:
        found = inspect(session)
        for table in METADATA.sorted_tables:
            declared = {constraint.name for constraint in table.constraints if constraint.name.startswith("ck_")}
            assert {check["name"] for check in found.get_check_constraints(table.name)} == declared, table.name


def test_down_to_nothing_and_up_again(database_url):
    """The first revision can be taken back, leaving no table, and applied again."""
    downgrade(database_url, "base")
    store = Store(database_url)
    with store.read() as session:
        assert set(inspect(session).get_table_names()) <= {"alembic_version"}
    with pytest.raises(Problem) as raised:
        require_current(store)
    assert raised.value.kind is OUT_OF_DATE
    upgrade(database_url)
    assert revision_of(store) == head()
    require_current(store)
    store.close()


def test_upgrading_twice_changes_nothing(database_url):
    """A database at the newest revision stays as it is."""
    upgrade(database_url)
    store = Store(database_url)
    assert revision_of(store) == head()
    store.close()


def test_an_empty_database_is_told_apart_from_an_old_one(tmp_path):
    """A database that was never migrated is called empty, and nothing is created in it."""
    store = Store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with pytest.raises(Problem, match="The database is empty, but"):
        require_current(store)
    with store.read() as session:
        assert inspect(session).get_table_names() == []
    store.close()


def test_processes_that_start_at_once_migrate_one_after_the_other(databases, tmp_path):
    """Two migrations of one new database at the same moment both succeed."""
    url = databases.fresh(tmp_path)
    downgrade(url, "base")
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(upgrade, url) for _ in range(2)]:
            done.result(timeout=60)
    store = Store(url)
    assert revision_of(store) == head()
    store.close()
    databases.drop(url)
