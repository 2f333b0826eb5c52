"""定时任务: what happens by itself. Jobs stand in code; one process among many runs them.

APScheduler does not lock between processes, so every job asks a lease row first; whoever holds
the lease runs the job, and if its holder dies another takes over when the lease runs out.
"""
