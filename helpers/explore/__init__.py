"""Interactive views of the ideas of the lectures. Each factory's docstring names the prediction it serves."""
