"""定时任务: what happens by itself, every night: a background job that nobody asks for.

Every worker plans the next night; the key of the job lets it be one. It is done as any other job,
item by item, by whichever worker comes first.
"""
