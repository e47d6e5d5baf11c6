"""Programs printed as C++: readable text, one function for each loop and direction."""
