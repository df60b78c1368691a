"""The course's widgets: each is one Python class and one ES module of the same name beside it."""
