/// A small part of Box2D 2.4 in plain C: bodies over a fixed ground, joined by hinges with motors.
/// Units are metres, kilograms, seconds and radians; every number must be finite. A world belongs to
/// one thread at a time. When memory runs out the program ends.
#pragma once
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct box2d_world box2d_world;

typedef struct {
  float x, y;
} box2d_vector;

/// Where a body begins and what it is made of. Bodies collide with the ground alone.
typedef struct {
  box2d_vector position;
  float angle;
  float density, friction;
} box2d_body;

/// Bodies turn about a common point, which a motor drives, between two angles of the second body
/// to the first.
typedef struct {
  int first_body, second_body;
  box2d_vector first_anchor, second_anchor;
  float lowest_angle, highest_angle;
  float motor_speed, greatest_torque;
} box2d_hinge;

typedef struct {
  box2d_vector position, velocity;
  float angle, angular_velocity;
  /// Whether the body moves or may move; a body at rest for half a second falls asleep.
  bool is_awake;
  /// Whether the last contact with a piece of the ground that changed was one that began.
  bool is_touching;
  /// Whether a contact with the ground ever began.
  bool has_touched;
} box2d_body_state;

/// An empty world whose gravity acts along y.
box2d_world *box2d_world_create(float gravity);

/// Frees a world.
void box2d_world_destroy(box2d_world *world);

/// A straight piece of the ground.
void box2d_add_ground(box2d_world *world, box2d_vector start, box2d_vector end, float friction);

/// A body with 3 to 8 corners about its position, counter-clockwise and convex. Returns its number.
int box2d_add_polygon(
  box2d_world *world, box2d_body body, const box2d_vector *corners, int corner_count);

/// A body that is a rectangle about its position. Returns its number.
int box2d_add_box(box2d_world *world, box2d_body body, box2d_vector half_size);

void box2d_add_hinge(box2d_world *world, box2d_hinge hinge);

/// Lets a force act on a body's centre of mass during the next step.
void box2d_apply_force(box2d_world *world, int body, box2d_vector force);

/// Lets a torque act on a body during the next step.
void box2d_apply_torque(box2d_world *world, int body, float torque);

/// Changes a body's velocities at once, by an impulse at a point of the world.
void box2d_apply_impulse(box2d_world *world, int body, box2d_vector impulse, box2d_vector point);

/// Lets time pass.
void box2d_step(
  box2d_world *world, float seconds, int velocity_iterations, int position_iterations);

box2d_body_state box2d_state(const box2d_world *world, int body);

#ifdef __cplusplus
}
#endif
