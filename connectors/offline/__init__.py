"""Sources without internet: answers are saved where there is a connection, and given again where there is none."""
