"""Loads what every test run needs, notebooks included."""
pytest_plugins = ["tests.nbval_house"]
