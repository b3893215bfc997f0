"""One file a DAG: order, schedule, parameters."""
