"""What extends Airflow: operators and pages."""
