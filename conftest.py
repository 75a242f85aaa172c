"""Loads what every test run needs, notebooks included."""
import os

os.environ["DL_COURSE_HOME"] = ""  # no test and no notebook it runs touches a learner's results
if "PYTEST_XDIST_WORKER" in os.environ:  # the processes have a core each: more threads would wait for one another
    os.environ.setdefault("OMP_NUM_THREADS", "1")
pytest_plugins = ["tests.nbval_house", "tests.sharing"]
collect_ignore_glob = ["*conftest.py"]  # no doctests there, and two files of one name
