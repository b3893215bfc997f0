"""The ``newsarchive`` command: every step by hand, without Airflow."""
