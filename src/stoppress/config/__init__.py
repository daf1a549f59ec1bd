"""Django settings and URLs, from one file and the environment."""
