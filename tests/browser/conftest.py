"""Fixtures of the browser tests. Without a browser they are skipped, and the summary says so in a line of its own."""
import pytest
from driver import NO_BROWSER, in_ci, open_browser
from lab_server import LabServer, copy_course


@pytest.fixture(scope="session")
def server(tmp_path_factory, pytestconfig):
    server = LabServer(copy_course(tmp_path_factory.mktemp("course")), tmp_path_factory.mktemp("jupyter"))
    pytestconfig.stash[LOG] = server
    yield server
    server.close()


# Not for the whole session: while Playwright runs, its event loop counts as running, and nbval's kernels need one.
@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        if browser is None and in_ci():
            pytest.fail(NO_BROWSER)
        if browser is None:
            pytest.skip(NO_BROWSER)
        yield browser


LOG = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    server = item.config.stash.get(LOG, None)
    if report.failed and server and "server" in item.fixturenames:
        report.sections.append(("JupyterLab's log, its end", server.log_end()))
    return report


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS SKIPPED", yellow=True)
        terminalreporter.write_line(f"{len(skipped)} tests did not run: {NO_BROWSER}.", yellow=True)
