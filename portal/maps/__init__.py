"""标准地图: outlines of the provinces that an administrator uploads with their approval number (审图号).

The portal brings no map of its own, for none may be shown without such a number. One map stands at
a time; where none does, provinces are shown as a grid of tiles that says that it is no map.
"""
